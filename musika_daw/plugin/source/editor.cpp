#include "editor.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "musika_plugin.hpp"
#include "programs.hpp"

START_NAMESPACE_DISTRHO

using namespace musika;

namespace {

constexpr float WIDTH = DISTRHO_UI_DEFAULT_WIDTH, HEIGHT = DISTRHO_UI_DEFAULT_HEIGHT;
constexpr float LOWEST_METER = -48.0f;  // dB
constexpr float METER_FALL = 0.02f;     // of its height, at each look
constexpr float DOT = 9.0f, ROUND = 5.0f;

Color back() { return Color(24, 26, 31); }
Color well() { return Color(38, 41, 48); }
Color line() { return Color(82, 88, 101); }
Color bright() { return Color(226, 229, 235); }
Color dim() { return Color(150, 157, 171); }
Color of_stem(unsigned stem) {
    const Color colours[] = {Color(242, 110, 95), Color(92, 176, 247), Color(183, 158, 250), Color(105, 207, 120)};
    return colours[stem % 4];
}

/// `echo_chamber` as people read it.
std::string title(const char* name) {
    std::string text(name);
    std::replace(text.begin(), text.end(), '_', ' ');
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = char(text[0] - 'a' + 'A');
    return text;
}

float within(float low, float high, float value) { return std::fmin(high, std::fmax(low, value)); }

float meter(float peak) {
    const float decibels = 20.0f * std::log10(std::fmax(peak, 1e-6f));
    return within(0.0f, 1.0f, 1.0f - decibels / LOWEST_METER);
}

}  // namespace

MusikaEditor::MusikaEditor() : UI(0, 0, true), words_("starting"), program_(title(PROGRAMS[0].name)) {
    for (uint32_t i = 0; i < PARAMETER_COUNT; ++i)
        values_[i] = PARAMETERS[i].standard;
    loadSharedResources();
    fontFaceId(findFont(NANOVG_DEJAVU_SANS_TTF));
}

void MusikaEditor::parameterChanged(uint32_t index, float value) {
    if (index < PARAMETER_COUNT) {
        values_[index] = value;
        repaint();
    }
}

void MusikaEditor::programLoaded(uint32_t index) {
    if (index >= PROGRAM_COUNT)
        return;
    program_ = title(PROGRAMS[index].name);
    for (uint32_t i = 0; i < PARAMETER_COUNT; ++i)
        values_[i] = PROGRAMS[index].values[i];
    repaint();
}

void MusikaEditor::uiIdle() {
    bool moved = false;
    for (unsigned stem = 0; stem < STEM_COUNT; ++stem) {
        const float peak = plugin() != nullptr ? meter(plugin()->glance().take_peak(stem)) : 0.0f;
        const float shown = std::fmax(peak, peaks_[stem] - METER_FALL);
        moved = moved || std::fabs(shown - peaks_[stem]) > 0.004f;
        peaks_[stem] = shown;
    }
    const std::string said = words();
    moved = moved || said != words_;
    words_ = said;
    if (moved)
        repaint();
}

MusikaPlugin* MusikaEditor::plugin() const { return static_cast<MusikaPlugin*>(getPluginInstancePointer()); }

std::string MusikaEditor::words() const {
    MusikaPlugin* const there = plugin();
    if (there == nullptr)
        return "this host keeps the editor apart from the plug-in";
    if (there->glance().late())
        return "late: it comes in as soon as it is made";
    const std::string status = there->status();
    return status.empty() ? "starting" : status;
}

float MusikaEditor::scale() const { return std::fmin(getWidth() / WIDTH, getHeight() / HEIGHT); }

MusikaEditor::Box MusikaEditor::square() const { return {16.0f, 62.0f, 216.0f, 216.0f}; }

MusikaEditor::Box MusikaEditor::fader(unsigned stem) const { return {268.0f + 72.0f * stem, 62.0f, 34.0f, 194.0f}; }

float MusikaEditor::density(unsigned stem) const {
    return within(0.0f, 1.0f, values_[DENSITY_OF_ALL] + values_[DENSITY[stem]]);
}

// --- the mouse -------------------------------------------------------------------------------------------------------

bool MusikaEditor::onMouse(const MouseEvent& event) {
    if (event.button != 1)
        return false;
    const float x = float(event.pos.getX()) / scale(), y = float(event.pos.getY()) / scale();
    if (!event.press) {
        hold(held_, false);
        held_ = NOTHING;
        return true;
    }
    held_ = square().holds(x, y) ? SQUARE : NOTHING;
    for (unsigned stem = 0; stem < STEM_COUNT; ++stem)
        if (fader(stem).holds(x, y))
            held_ = int(stem);
    hold(held_, true);
    drag(x, y);
    return held_ != NOTHING;
}

bool MusikaEditor::onMotion(const MotionEvent& event) {
    if (held_ == NOTHING)
        return false;
    drag(float(event.pos.getX()) / scale(), float(event.pos.getY()) / scale());
    return true;
}

void MusikaEditor::hold(int what, bool on) {
    if (what == SQUARE) {
        editParameter(MORPH[0], on);
        editParameter(MORPH[1], on);
    } else if (what >= 0) {
        editParameter(DENSITY[what], on);
    }
}

void MusikaEditor::drag(float x, float y) {
    if (held_ == SQUARE) {
        const Box box = square();
        set(MORPH[0], within(0.0f, 1.0f, (x - box.x - DOT) / (box.width - 2 * DOT)));
        set(MORPH[1], within(0.0f, 1.0f, (y - box.y - DOT) / (box.height - 2 * DOT)));
    } else if (held_ >= 0) {
        const Box box = fader(unsigned(held_));
        const float wanted = within(0.0f, 1.0f, 1.0f - (y - box.y) / box.height);
        set(DENSITY[held_], wanted - values_[DENSITY_OF_ALL]);
    }
}

void MusikaEditor::set(uint32_t index, float value) {
    if (values_[index] == value)
        return;
    values_[index] = value;
    setParameterValue(index, value);
    repaint();
}

// --- drawing ---------------------------------------------------------------------------------------------------------

void MusikaEditor::onNanoDisplay() {
    beginPath();
    rect(0, 0, getWidth(), getHeight());
    fillColor(back());
    fill();
    NanoVG::scale(scale(), scale());
    write(16, 26, 17, ALIGN_LEFT, bright(), "Musika DAW");
    write(WIDTH - 16, 26, 14, ALIGN_RIGHT, dim(), program_);
    draw_square();
    for (unsigned stem = 0; stem < STEM_COUNT; ++stem)
        draw_fader(stem);
    write(WIDTH - 16, HEIGHT - 22, 13, ALIGN_RIGHT, dim(), words_);
}

void MusikaEditor::draw_square() {
    const Box box = square();
    beginPath();
    roundedRect(box.x, box.y, box.width, box.height, ROUND);
    fillColor(well());
    fill();
    const float x = box.x + DOT + values_[MORPH[0]] * (box.width - 2 * DOT);
    const float y = box.y + DOT + values_[MORPH[1]] * (box.height - 2 * DOT);
    beginPath();
    moveTo(x, box.y);
    lineTo(x, box.y + box.height);
    moveTo(box.x, y);
    lineTo(box.x + box.width, y);
    strokeColor(line());
    strokeWidth(1.0f);
    stroke();
    beginPath();
    circle(x, y, DOT);
    fillColor(bright());
    fill();
    for (unsigned corner = 0; corner < 4; ++corner) {
        const ParameterRow& row = PARAMETERS[ANCHOR[corner]];
        const unsigned style = unsigned(values_[ANCHOR[corner]] + 0.5f);
        const bool right = corner % 2 != 0, below = corner > 1;
        const float at = right ? box.x + box.width : box.x;
        write(at, below ? box.y + box.height + 16 : box.y - 12, 13, right ? ALIGN_RIGHT : ALIGN_LEFT, dim(),
            title(row.labels[std::min(style, row.label_count - 1)]));
    }
}

void MusikaEditor::draw_fader(unsigned stem) {
    const Box box = fader(stem);
    const float share = density(stem), level = peaks_[stem] * box.height;
    beginPath();
    roundedRect(box.x, box.y, box.width, box.height, ROUND);
    fillColor(well());
    fill();
    beginPath();
    roundedRect(box.x, box.y + (1.0f - share) * box.height, box.width, share * box.height, ROUND);
    fillColor(of_stem(stem).withAlpha(0.55f));
    fill();
    beginPath();
    rect(box.x, box.y + (1.0f - share) * box.height - 1.5f, box.width, 3.0f);
    fillColor(bright());
    fill();
    beginPath();
    rect(box.x + box.width + 5.0f, box.y, 5.0f, box.height);
    fillColor(well());
    fill();
    beginPath();
    rect(box.x + box.width + 5.0f, box.y + box.height - level, 5.0f, level);
    fillColor(of_stem(stem));
    fill();
    char number[8];
    std::snprintf(number, sizeof(number), "%.2f", double(share));
    const float middle = box.x + box.width / 2;
    write(middle, box.y - 12, 13, ALIGN_CENTER, bright(), title(STEMS[stem]));
    write(middle, box.y + box.height + 16, 12, ALIGN_CENTER, dim(), number);
}

void MusikaEditor::write(float x, float y, float size, int align, const Color& colour, const std::string& text) {
    if (text.empty())
        return;
    fontSize(size);
    textAlign(align | ALIGN_MIDDLE);
    fillColor(colour);
    NanoVG::text(x, y, text.c_str(), nullptr);
}

UI* createUI() { return new MusikaEditor(); }

END_NAMESPACE_DISTRHO
