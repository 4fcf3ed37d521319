ardour {
	["type"]    = "EditorAction",
	name        = "Musika DAW Take",
	author      = "Musika DAW",
	description = [[Brings a take of Musika DAW into the session: its stems at the place where they sounded, their notes beside
them, names and colours; into an empty session its tempo, too. Also a template for new sessions.]]
}

-- A fixed folder makes it one key: the link "latest" beside the takes always leads to the last one.
function action_params ()
	return { ["take"] = { title = "Folder of the take, e.g. MySong/Musika/latest (empty: asks every time)", default = "" } }
end

function session_setup () return true end

-- Ardour keeps nothing but the factory: everything it needs lies in it.
function factory (params) return function ()
	local api = ARDOUR.LuaAPI

	-- JSON without escapes beyond those that names of files need; objects also hold their keys in order, at [1], [2] ...
	local function decode (text)
		local at = 1
		local value
		local escapes = { n = "\n", t = "\t", r = "\r", b = "\b", f = "\f" }
		local function skip () at = text:find ("[^%s]", at) or #text + 1 end
		local function words ()
			local out = {}
			at = at + 1
			while true do
				local first, last, plain, mark = text:find ('([^"\\]*)(["\\])', at)
				if not first then error ("a text does not end") end
				out[#out + 1] = plain
				at = last + 1
				if mark == '"' then return table.concat (out) end
				local letter = text:sub (at, at)
				if letter == "u" then
					out[#out + 1] = utf8.char (tonumber (text:sub (at + 1, at + 4), 16))
					at = at + 5
				else
					out[#out + 1] = escapes[letter] or letter
					at = at + 1
				end
			end
		end
		local function list (close, read)
			local out = {}
			at = at + 1
			skip ()
			while text:sub (at, at) ~= close do
				read (out)
				skip ()
				if text:sub (at, at) == "," then at = at + 1 elseif text:sub (at, at) ~= close then error ("a list does not end") end
				skip ()
			end
			at = at + 1
			return out
		end
		function value ()
			skip ()
			local first = text:sub (at, at)
			if first == '"' then return words () end
			if first == "[" then return list ("]", function (out) out[#out + 1] = value () end) end
			if first == "{" then
				return list ("}", function (out)
					local key = words ()
					skip ()
					at = at + 1
					out[#out + 1] = key
					out[key] = value ()
				end)
			end
			local word = text:match ("^[%w%.%+%-]+", at)
			if not word then error ("something is missing") end
			at = at + #word
			if word == "true" or word == "false" then return word == "true" end
			return tonumber (word)
		end
		return value ()
	end

	local function complain (text)
		LuaDialog.Message ("Musika DAW", text, LuaDialog.MessageType.Warning, LuaDialog.ButtonType.Close):run ()
	end

	local function ask ()
		local answer = LuaDialog.Dialog ("Take of Musika DAW", {
			{ type = "folder", key = "take", title = "Take", path = Session:path () },
		}):run ()
		return answer and answer["take"]
	end

	local function is_file (path) return api.file_test (path, api.FileTest.Exists) end

	-- Tempo from the start of the song on; a ramp is a step on every beat, as in the take's other project files.
	local function set_tempo (take)
		local steps = {}
		if take.tempo_map.ramps then
			local seconds = take.start_sample / take.sample_rate
			if take.first_beat > 0 then steps[1] = { 0, take.first_beat * 60 / seconds } end
			for i = 1, #take.beat_markers - 1 do
				local here, after = take.beat_markers[i], take.beat_markers[i + 1]
				steps[#steps + 1] = { take.first_beat + here[1], 60 * (after[1] - here[1]) / (after[2] - here[2]) }
			end
		else
			steps = take.tempo_map.points
		end
		local map = Temporal.TempoMap.fetch_writable ()
		for _, step in ipairs (steps) do
			local tick = math.floor (step[1] * Temporal.ticks_per_beat + 0.5)
			map:set_tempo (Temporal.Tempo (step[2], step[2], 4), Temporal.timepos_t.from_ticks (tick))
		end
		Temporal.TempoMap.update (map)
	end

	-- The tracks that one file brings.
	local function import (path, position)
		local before, new = {}, {}
		for route in Session:get_tracks ():iter () do before[route:to_stateful ():id ():to_s ()] = true end
		local files = C.StringVector ()
		files:push_back (path)
		Editor:do_import (files, Editing.ImportDistinctFiles, Editing.ImportAsTrack, ARDOUR.SrcQuality.SrcBest,
			ARDOUR.MidiTrackNameSource.SMFTrackName, ARDOUR.MidiTempoMapDisposition.SMFTempoIgnore,
			position, ARDOUR.PluginInfo (), ARDOUR.Track (), false)
		for route in Session:get_tracks ():iter () do
			if not before[route:to_stateful ():id ():to_s ()] then new[#new + 1] = route end
		end
		return new
	end

	local function dress (track, name, colour)
		track:set_name (name)
		if colour then track:presentation_info_ptr ():set_color ((tonumber (colour:sub (2), 16) << 8) | 0xff) end
	end

	-- A take is cut on the sample: no fades where it begins and ends.
	local function without_fades (track)
		for region in track:to_track ():playlist ():region_list ():iter () do
			local audio = region:to_audioregion ()
			if not audio:isnil () then
				audio:set_fade_in_active (false)
				audio:set_fade_out_active (false)
			end
		end
	end

	local folder = params and params["take"] or ""
	if folder == "" then folder = ask () end
	if not folder then return end
	local path = api.build_filename (folder, "take.json")
	local known, take = pcall (decode, is_file (path) and api.file_get_contents (path) or "")
	if not known or type (take) ~= "table" or not take.files then
		complain (folder .. " is no take of Musika DAW: expected a folder with take.json in it")
		return
	end
	if Session:get_tracks ():size () == 0 then set_tempo (take) end
	local rate = Session:nominal_sample_rate ()
	local start = math.floor (take.start_sample * rate / take.sample_rate + 0.5)
	local tick = math.floor (take.first_beat * Temporal.ticks_per_beat + 0.5)
	local missing = {}
	for _, stem in ipairs (take.files) do
		local audio = api.build_filename (folder, take.files[stem])
		local colour = take.colours and take.colours[stem]
		local tracks = is_file (audio) and import (audio, Temporal.timepos_t (start)) or {}
		if #tracks == 0 then missing[#missing + 1] = take.files[stem] end
		for _, track in ipairs (tracks) do
			dress (track, stem, colour)
			without_fades (track)
			if stem == "mix" and #take.files > 1 then
				track:mute_control ():set_value (1, PBD.GroupControlDisposition.NoGroup)
			end
		end
		local notes = api.build_filename (folder, stem .. ".mid")
		if is_file (notes) then
			for _, track in ipairs (import (notes, Temporal.timepos_t.from_ticks (tick))) do
				dress (track, stem .. " MIDI", colour)
			end
		end
	end
	if #missing > 0 then complain ("Ardour could not import " .. table.concat (missing, ", ")) end
end end
