#include "held.hpp"

#include <cstring>
#include <locale>
#include <sstream>

namespace musika {

void Held::hold(unsigned stem, const float* values) {
    if (!given_[stem].exchange(false))
        std::memcpy(segment_.header().held + stem * MAX_PARAMETERS, values, PARAMETER_COUNT * sizeof(float));
}

void Held::read(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        words.imbue(std::locale::classic());
        std::string name;
        words >> name;
        for (unsigned stem = 0; stem < STEM_COUNT; ++stem) {
            if (name != STEMS[stem])
                continue;
            float* const held = segment_.header().held + stem * MAX_PARAMETERS;
            for (unsigned i = 0; i < PARAMETER_COUNT; ++i)
                if (!(words >> held[i]))
                    held[i] = PARAMETERS[i].standard;  // a project of before that parameter
            given_[stem].store(true);
        }
    }
}

std::string Held::written(const float* values) const {
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text.precision(9);
    for (unsigned stem = 0; stem < STEM_COUNT; ++stem) {
        if (values[HOLD[stem]] < 0.5f)
            continue;
        text << STEMS[stem];
        for (unsigned i = 0; i < PARAMETER_COUNT; ++i)
            text << ' ' << segment_.header().held[stem * MAX_PARAMETERS + i];
        text << '\n';
    }
    return text.str();
}

}  // namespace musika
