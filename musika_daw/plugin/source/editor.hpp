// The editor: the morph square, a fader of density and a meter for each stem, and what the engine does, in words.
#pragma once

#include <array>
#include <string>

#include "DistrhoUI.hpp"
#include "parameters.hpp"

START_NAMESPACE_DISTRHO

class MusikaPlugin;

class MusikaEditor : public UI {
public:
    MusikaEditor();

protected:
    void parameterChanged(uint32_t index, float value) override;
    void programLoaded(uint32_t index) override;
    void stateChanged(const char*, const char*) override {}
    void uiIdle() override;
    void onNanoDisplay() override;
    bool onMouse(const MouseEvent& event) override;
    bool onMotion(const MotionEvent& event) override;

private:
    struct Box {
        float x, y, width, height;
        bool holds(float at_x, float at_y) const {
            return at_x >= x && at_x <= x + width && at_y >= y && at_y <= y + height;
        }
    };

    static constexpr int NOTHING = -2, SQUARE = -1;  // what the mouse holds, else the number of a fader

    float values_[musika::PARAMETER_COUNT];
    std::array<float, musika::STEM_COUNT> peaks_{};
    std::string words_, program_;
    int held_ = NOTHING;

    MusikaPlugin* plugin() const;
    float scale() const;
    Box square() const;
    Box fader(unsigned stem) const;
    float density(unsigned stem) const;
    std::string words() const;

    void drag(float x, float y);
    void hold(int what, bool on);
    void set(uint32_t index, float value);

    void draw_square();
    void draw_fader(unsigned stem);
    void write(float x, float y, float size, int align, const Color& colour, const std::string& text);
};

END_NAMESPACE_DISTRHO
