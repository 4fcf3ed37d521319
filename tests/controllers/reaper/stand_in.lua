-- A stand-in for Reaper's API, as much of it as the script uses: everything done is printed, a line each.
-- arg: script, project file ("" for an unsaved one), cursor in seconds, bpm, operating system, answers ("-" cancels).

local script, project, cursor, bpm, system, answers = table.unpack(arg)
local tracks, extstate = 0, {}

local function say(...)
  print(table.concat({ ... }, "\t"))
end

reaper = {
  get_action_context = function() return false, script end,
  EnumProjects = function(i) assert(i == -1); return "handle", project end,
  GetOS = function() return system end,
  GetExtState = function(section, key) return extstate[section .. key] or "" end,
  SetExtState = function(section, key, value, persist) assert(persist == true); extstate[section .. key] = value end,
  GetUserInputs = function(title, count, questions, defaults)
    local n = 0
    for _ in (questions:gsub(",extrawidth=%d+", "") .. ","):gmatch("[^,]*,") do n = n + 1 end
    assert(n == count and title and defaults)
    if answers == "-" then return false, defaults end
    return true, answers ~= "" and answers or defaults
  end,
  ShowMessageBox = function(text, title, kind) assert(kind == 0 and title); say("message", text); return 1 end,
  GetCursorPosition = function() return tonumber(cursor) end,
  TimeMap_GetDividedBpmAtTime = function(at) assert(at == tonumber(cursor)); return tonumber(bpm) end,
  TimeMap2_timeToQN = function(_, seconds) return seconds * tonumber(bpm) / 60 end,
  TimeMap2_QNToTime = function(_, quarters) return quarters * 60 / tonumber(bpm) end,
  -- Waits; the exit code, a line break and what was printed, as Reaper has it.
  ExecProcess = function(line, timeout)
    assert(timeout == 0)
    local pipe = io.popen("(" .. line .. ") 2>&1; code=$?; echo; echo $code")
    local text = pipe:read("a")
    pipe:close()
    local output, code = text:match("^(.*)\n(%d+)\n$")
    if code == "127" then return nil end
    return code .. "\n" .. output
  end,
  CountTracks = function() return tracks end,
  InsertTrackAtIndex = function(at, defaults) assert(at == tracks and defaults == true); tracks = tracks + 1 end,
  GetTrack = function(_, at) return "track " .. at end,
  GetSetMediaTrackInfo_String = function(track, what, text, set)
    assert(what == "P_NAME" and set == true); say("name", track, text); return true, text
  end,
  ColorToNative = function(r, g, b) return string.format("%d %d %d", r, g, b) end,
  SetTrackColor = function(track, colour) say("colour", track, colour) end,
  PCM_Source_CreateFromFile = function(path) local f = assert(io.open(path, "rb")); f:close(); return path end,
  GetMediaSourceLength = function(path)
    if path:match("%.mid$") then return 8.0, true end
    return 3.75, false
  end,
  AddMediaItemToTrack = function(track) return track end,
  AddTakeToMediaItem = function(item) return item end,
  SetMediaItemTake_Source = function(take, source) say("source", take, source); return true end,
  SetMediaItemInfo_Value = function(item, what, value) say(what, item, string.format("%.6f", value)); return true end,
  file_exists = function(path) local f = io.open(path, "rb"); if f then f:close() end; return f ~= nil end,
  Undo_BeginBlock = function() say("begin") end,
  Undo_EndBlock = function(text, flags) assert(flags == -1); say("end", text) end,
  UpdateArrange = function() end,
}

dofile(script)
