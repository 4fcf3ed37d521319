// When moves are heard: at once, or where the song comes to the next line of a grid. Audio thread.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace musika {

constexpr double ROUNDING = 1e-4;  // frames by which a host's positions may be off

/// The first frame of a block that begins at `quarters` which lies at a place or after it.
inline double frames_to(double place, double quarters, double a_frame) {
    return std::ceil((place - quarters) / a_frame - ROUNDING);
}

class Landing {
public:
    /// The host is at a place, with settings of a serial. `at_once`: nothing waits here (it stands still, it has
    /// jumped, its tempo is another one). `grid`: quarters between places where moves land, 0: everywhere.
    void arrive(uint64_t serial, double quarters, double a_frame, double grid, bool at_once) {
        if (serial != landed_ && !waits_) {
            at_ = grid > 0.0 ? std::ceil((quarters - ROUNDING * a_frame) / grid) * grid : quarters;
            waits_ = true;
        }
        if (waits_ && (at_once || grid == 0.0 || quarters >= at_ - ROUNDING * a_frame)) {
            at_ = quarters < at_ ? quarters : at_;  // it has jumped away from where it was to land
            landed_ = serial;
            waits_ = false;
        }
    }

    /// Serial of the settings that hold.
    uint64_t landed() const { return landed_; }

    /// Quarters at which those that wait land; infinite if none do.
    double at() const { return waits_ ? at_ : std::numeric_limits<double>::infinity(); }

    /// Quarters at which those that wait land, or at which those that hold have landed.
    double place() const { return at_; }

private:
    uint64_t landed_ = 0;
    bool waits_ = false;
    double at_ = 0.0;
};

}  // namespace musika
