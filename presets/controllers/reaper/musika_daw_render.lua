-- @description Musika DAW: render into this project, at the edit cursor
-- Asks for length, seed, style and harmony, has `musika-daw render` make the stems in the tempo at the cursor, and
-- puts each on a track of its own, its notes beside it. Install it with `musika-daw connect reaper`.

local TITLE = "Musika DAW"
local QUESTIONS = "Bars,Seed,Style,Key (or off),Chords (or off),extrawidth=120"
local ANSWERS = "16,1,warehouse,off,off"
local SECTION = "musika_daw"

local folder = ({ reaper.get_action_context() })[2]:match("^(.*[/\\])")
local program = dofile(folder .. "musika_daw_program.lua") -- written by `musika-daw connect reaper`

local function tell(text)
  reaper.ShowMessageBox(text, TITLE, 0)
end

-- One argument of a command line, whatever it holds; neither system lets Reaper start a program with a list.
local function quoted(text)
  if reaper.GetOS():match("^Win") then
    return '"' .. text:gsub('"', "") .. '"'
  end
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function command_line(words)
  local parts = {}
  for i, word in ipairs(words) do
    parts[i] = quoted(word)
  end
  return table.concat(parts, " ")
end

local function project_folder()
  local _, path = reaper.EnumProjects(-1)
  return path ~= "" and path:match("^(.*)[/\\]") or nil
end

-- What was asked, or nil if the musician thought better of it; the last answers are offered again.
local function asked()
  local before = reaper.GetExtState(SECTION, "answers")
  local ok, text = reaper.GetUserInputs(TITLE, 5, QUESTIONS, before ~= "" and before or ANSWERS)
  if not ok then
    return nil
  end
  reaper.SetExtState(SECTION, "answers", text, true)
  local answers = {}
  for answer in (text .. ","):gmatch("([^,]*),") do
    answers[#answers + 1] = answer:match("^%s*(.-)%s*$")
  end
  return answers
end

-- The folder of the finished take, or nil and what went wrong.
local function render(answers, project, bpm)
  local words = { table.unpack(program) }
  local options = {
    "render", "--out", project, "--bars", answers[1], "--seed", answers[2], "--style", answers[3],
    "--key", answers[4], "--chords", answers[5], "--bpm", string.format("%.6f", bpm),
  }
  table.move(options, 1, #options, #words + 1, words)
  local result = reaper.ExecProcess(command_line(words), 0)
  if not result then
    return nil, program[1] .. " could not be started: run 'musika-daw connect reaper' again"
  end
  local code, output = result:match("^(%-?%d+)\r?\n(.*)$")
  local last = ""
  for line in (output or ""):gmatch("[^\r\n]+") do
    last = line
  end
  if code ~= "0" then
    return nil, last
  end
  return last
end

local function new_track(name, colour)
  local place = reaper.CountTracks(0)
  reaper.InsertTrackAtIndex(place, true)
  local track = reaper.GetTrack(0, place)
  reaper.GetSetMediaTrackInfo_String(track, "P_NAME", name, true)
  if colour then
    local red, green, blue = colour:match("^#(%x%x)(%x%x)(%x%x)$")
    local native = reaper.ColorToNative(tonumber(red, 16), tonumber(green, 16), tonumber(blue, 16))
    reaper.SetTrackColor(track, native)
  end
  return track
end

local function place(track, path, position)
  local source = reaper.PCM_Source_CreateFromFile(path)
  local length, in_quarters = reaper.GetMediaSourceLength(source)
  if in_quarters then
    length = reaper.TimeMap2_QNToTime(0, reaper.TimeMap2_timeToQN(0, position) + length) - position
  end
  local item = reaper.AddMediaItemToTrack(track)
  reaper.SetMediaItemTake_Source(reaper.AddTakeToMediaItem(item), source)
  reaper.SetMediaItemInfo_Value(item, "D_POSITION", position)
  reaper.SetMediaItemInfo_Value(item, "D_LENGTH", length)
end

-- The stems of a take by name: {name =, audio =, colour =}, the mix left out; from the few lines of take.json needed.
local function stems_of(take)
  local file = assert(io.open(take .. "/take.json", "rb"))
  local text = file:read("a")
  file:close()
  local colours, stems = text:match('"colours":%s*(%b{})') or "", {}
  for name, audio in (text:match('"files":%s*(%b{})') or ""):gmatch('"([^"]+)":%s*"([^"]+)"') do
    local colour = colours:match('"' .. name:gsub("%p", "%%%0") .. '":%s*"(#%x+)"')
    stems[#stems + 1] = { name = name, audio = take .. "/" .. audio, colour = colour }
  end
  if #stems > 1 and stems[#stems].name == "mix" then
    stems[#stems] = nil
  end
  return stems
end

local function main()
  local project = project_folder()
  if not project then
    return tell("Save the project first: the stems go into its folder.")
  end
  local answers = asked()
  if not answers then
    return
  end
  local position = reaper.GetCursorPosition()
  local take, problem = render(answers, project, reaper.TimeMap_GetDividedBpmAtTime(position))
  if not take then
    return tell(problem)
  end
  reaper.Undo_BeginBlock()
  for _, stem in ipairs(stems_of(take)) do
    place(new_track(stem.name, stem.colour), stem.audio, position)
    local notes = take .. "/" .. stem.name .. ".mid"
    if reaper.file_exists(notes) then
      place(new_track(stem.name .. " MIDI", stem.colour), notes, position)
    end
  end
  reaper.Undo_EndBlock("Musika DAW: render at the cursor", -1)
  reaper.UpdateArrange()
end

main()
