-- A stand-in for Ardour's Lua API, as much of it as the script uses: everything done is printed, a line each.
-- arg: script, folder ("" asks), answer of the dialog ("-" cancels), rate of the session, tracks there already.

local script, folder, answer, rate, already = table.unpack(arg)

local function say(...) print(table.concat({ ... }, "\t")) end

local function object(methods)
  return setmetatable({}, { __index = function(_, name)
    return methods[name] or error("nothing of Ardour's is called " .. name)
  end })
end

local function listed(items)
  return object({
    iter = function() local i = 0; return function() i = i + 1; return items[i] end end,
    size = function() return #items end,
  })
end

local tracks = {}
local function track(kind)
  local name, id = "unnamed", #tracks + 1
  local region = object({
    to_audioregion = function()
      return object({
        isnil = function() return kind ~= "wav" end,
        set_fade_in_active = function(_, on) say("fade in", name, tostring(on)) end,
        set_fade_out_active = function(_, on) say("fade out", name, tostring(on)) end,
      })
    end,
  })
  return object({
    to_stateful = function() return object({ id = function() return object({ to_s = function() return "id" .. id end }) end }) end,
    set_name = function(_, given) name = given; say("name", name) end,
    presentation_info_ptr = function()
      return object({ set_color = function(_, colour) say("colour", name, string.format("%08x", colour)) end })
    end,
    to_track = function()
      return object({ playlist = function() return object({ region_list = function() return listed({ region }) end }) end })
    end,
    mute_control = function()
      return object({ set_value = function(_, value, how) assert(how == "no group"); say("mute", name, string.format("%d", value)) end })
    end,
  })
end
for _ = 1, tonumber(already) do tracks[#tracks + 1] = track("wav") end

local function read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read("a")
  file:close()
  return text
end

ARDOUR = {
  LuaAPI = {
    FileTest = { Exists = 1 },
    build_filename = function(a, b) return a .. "/" .. b end,
    file_test = function(path, how) assert(how == 1); return read(path) ~= nil end,
    file_get_contents = read,
  },
  SrcQuality = { SrcBest = "best" },
  MidiTrackNameSource = { SMFTrackName = "track name" },
  MidiTempoMapDisposition = { SMFTempoIgnore = "ignore" },
  PluginInfo = function() return "no plug-in" end,
  Track = function() return "no track" end,
}
Editing = { ImportDistinctFiles = "distinct", ImportAsTrack = "as track" }
PBD = { GroupControlDisposition = { NoGroup = "no group" } }
C = { StringVector = function()
  local items = {}
  return object({ push_back = function(_, text) items[#items + 1] = text end, first = function() return items[1] end })
end }
Temporal = {
  ticks_per_beat = 1920,
  timepos_t = setmetatable(
    { from_ticks = function(ticks) return "tick " .. string.format("%d", ticks) end },
    { __call = function(_, samples) return "sample " .. string.format("%d", samples) end }
  ),
  Tempo = function(bpm, last, unit) assert(bpm == last and unit == 4); return bpm end,
  TempoMap = {
    fetch_writable = function()
      return object({ set_tempo = function(_, bpm, at) say("tempo", at, string.format("%.9f", bpm)) end })
    end,
    update = function() say("tempo map") end,
  },
}
Session = object({
  get_tracks = function() return listed(tracks) end,
  nominal_sample_rate = function() return tonumber(rate) end,
  path = function() return "/session" end,
})
Editor = object({
  do_import = function(_, files, how, as, quality, names, tempo, position, plugin, target, markers)
    assert(how == "distinct" and as == "as track" and quality == "best" and names == "track name" and tempo == "ignore")
    assert(plugin == "no plug-in" and target == "no track" and markers == false)
    say("import", files:first(), position)
    if not files:first():match("lead") then tracks[#tracks + 1] = track(files:first():match("%w+$")) end
  end,
})
LuaDialog = {
  MessageType = { Warning = 1 },
  ButtonType = { Close = 1 },
  Dialog = function(_, fields)
    assert(fields[1].type == "folder" and fields[1].path == "/session")
    return object({ run = function() if answer ~= "-" then return { [fields[1].key] = answer } end end })
  end,
  Message = function(_, text) return object({ run = function() say("message", text) end }) end,
}

local about
function ardour(given) about = given end
dofile(script)
assert(about.type == "EditorAction" and session_setup() and action_params()["take"].default == "")
-- Ardour keeps the factory alone, without what stands beside it.
load(string.dump(factory))(folder ~= "" and { take = folder } or nil)()
