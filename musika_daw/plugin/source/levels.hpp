// Gain, pan, mute, solo of the stems and the master: done here, so that they move at once and with the automation.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

#include "layout.hpp"
#include "parameters.hpp"

namespace musika {

class Levels {
public:
    /// Moves towards where the parameters stand, and scales what is in the outputs. The mix gains and loses what its
    /// stems do, so that it stays what the engine mixed as long as all stand at 0 dB.
    void process(const float* values, float* const* outputs, uint32_t frames, double rate) {
        const float step = float(1.0 - std::exp(-1.0 / (0.003 * rate)));
        const float master = decibels(values[MASTER]);
        bool solo = false;
        for (unsigned stem = 0; stem < STEM_COUNT; ++stem)
            solo = solo || values[SOLO[stem]] > 0.5f;
        for (unsigned side = 0; side < 2; ++side) {
            float* const mix = outputs[side];
            for (unsigned stem = 0; stem < STEM_COUNT; ++stem) {
                const bool silent = values[MUTE[stem]] > 0.5f || (solo && values[SOLO[stem]] < 0.5f);
                const float pan = values[PAN[stem]];
                const float away = side == 0 ? 1.0f - pan : 1.0f + pan;
                const float goal = silent ? 0.0f : decibels(values[GAIN[stem]]) * (away < 1.0f ? away : 1.0f);
                scale(gains_[2 * stem + side], goal, step, outputs[2 * (stem + 1) + side], mix, frames);
            }
            scale_all(master_[side], master, step, outputs, side, frames);
        }
    }

private:
    std::array<float, 2 * STEM_COUNT> gains_ = filled<2 * STEM_COUNT>();
    std::array<float, 2> master_ = filled<2>();

    template <size_t N>
    static std::array<float, N> filled() {
        std::array<float, N> ones;
        ones.fill(1.0f);
        return ones;
    }

    static float decibels(float level) { return level <= -89.99f ? 0.0f : std::pow(10.0f, level / 20.0f); }

    static void move(float& gain, float goal, float step) {
        gain += step * (goal - gain);
        if (std::fabs(gain - goal) < 1e-5f)
            gain = goal;
    }

    static void scale(float& gain, float goal, float step, float* stem, float* mix, uint32_t frames) {
        if (gain == 1.0f && goal == 1.0f)
            return;
        for (uint32_t i = 0; i < frames; ++i) {
            move(gain, goal, step);
            const float scaled = gain * stem[i];
            mix[i] += scaled - stem[i];
            stem[i] = scaled;
        }
    }

    static void scale_all(float& gain, float goal, float step, float* const* outputs, unsigned side, uint32_t frames) {
        if (gain == 1.0f && goal == 1.0f)
            return;
        for (uint32_t i = 0; i < frames; ++i) {
            move(gain, goal, step);
            for (unsigned bus = 0; bus < BUSES; ++bus)
                outputs[2 * bus + side][i] *= gain;
        }
    }
};

}  // namespace musika
