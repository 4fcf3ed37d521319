// Where the installed program is: it says so in a small file, a line each for its version and the words that start it.
#include <cstdlib>
#include <fstream>

#include "engine_host.hpp"

#ifndef MUSIKA_DAW_VERSION
#error "the build says which version of the program the plug-in belongs to"
#endif

namespace musika {

namespace {

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr ? value : "";
}

std::string engine_file() {
    const std::string named = variable("MUSIKA_DAW_ENGINE_FILE");
    if (!named.empty())
        return named;
#if defined(_WIN32)
    return variable("LOCALAPPDATA") + "\\musika-daw\\plugin\\engine.txt";
#elif defined(__APPLE__)
    return variable("HOME") + "/Library/Application Support/musika-daw/plugin/engine.txt";
#else
    const std::string data = variable("XDG_DATA_HOME");
    return (data.empty() ? variable("HOME") + "/.local/share" : data) + "/musika-daw/plugin/engine.txt";
#endif
}

}  // namespace

std::vector<std::string> engine_command(std::string& problem) {
    std::ifstream file(engine_file());
    std::string version, word;
    std::vector<std::string> words;
    if (!file || !std::getline(file, version)) {
        problem = "Musika DAW is not installed: install it, then run  musika-daw plugin install";
        return {};
    }
    if (version != MUSIKA_DAW_VERSION) {
        problem = "this plug-in is of version " MUSIKA_DAW_VERSION ", the installed program of " + version +
                  ": run  musika-daw plugin install";
        return {};
    }
    while (std::getline(file, word))
        if (!word.empty())
            words.push_back(word);
    if (words.empty())
        problem = "the file that says where Musika DAW is has no program in it: run  musika-daw plugin install";
    return words;
}

}  // namespace musika
