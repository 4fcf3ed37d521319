// Patterns that are held: of each stem, all parameters as they stood when its hold was set.
#pragma once

#include <array>
#include <string>

#include "parameters.hpp"
#include "segment.hpp"

namespace musika {

class Held {
public:
    explicit Held(Segment& segment) : segment_(segment) {}

    /// The hold of a stem is set now, with parameters that stand at `values`. Any thread; no lock, no allocation.
    void hold(unsigned stem, const float* values);

    /// As the project holds it; what it says of a stem counts for the next time that its hold is set, too: hosts
    /// restore parameters after the rest.
    void read(const std::string& text);

    /// For the project: a line for each stem whose hold is on.
    std::string written(const float* values) const;

private:
    Segment& segment_;
    std::array<std::atomic<bool>, STEM_COUNT> given_{};
};

}  // namespace musika
