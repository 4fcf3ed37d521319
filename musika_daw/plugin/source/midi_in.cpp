#include "midi_in.hpp"

#include <cmath>
#include <limits>

#include "landing.hpp"

namespace musika {

namespace {

constexpr double BAR_QUARTERS = 4.0;  // quarters: the song's own bars
constexpr uint8_t NOTE_OFF = 0x80, NOTE_ON = 0x90, CONTROL = 0xB0;
constexpr uint8_t ALL_SOUND_OFF = 120, ALL_NOTES_OFF = 123;
constexpr int HEARD_BARS = 2;  // a key just before the bar line belongs to the bar after it

unsigned channel_of(const uint8_t* message) { return (message[0] & 0x0fu) + 1; }

bool is_note(const uint8_t* message, uint32_t size) {
    return size == 3 && ((message[0] & 0xf0) == NOTE_ON || (message[0] & 0xf0) == NOTE_OFF);
}

bool is_of_a_stem(const uint8_t* message, uint32_t size) {
    if (!is_note(message, size))
        return false;
    for (const unsigned channel : STEM_CHANNELS)
        if (channel == channel_of(message))
            return true;
    return false;
}

}  // namespace

bool MidiIn::is_harmony(const uint8_t* message, uint32_t size) {
    if (size != 3 || channel_of(message) != CHORDS_CHANNEL)
        return false;
    const bool let_go = (message[0] & 0xf0) == CONTROL && (message[1] == ALL_SOUND_OFF || message[1] == ALL_NOTES_OFF);
    return is_note(message, size) || let_go;
}

bool MidiIn::arrive(bool playing, double quarters, double a_frame, bool jumped, double left) {
    const double tiny = ROUNDING * a_frame;
    const int64_t bar = int64_t(std::floor((quarters + tiny) / BAR_QUARTERS));
    if (!playing) {
        const bool stopped = playing_;
        playing_ = false;
        return stopped && forget(quarters);
    }
    if (playing_ && !jumped && bar == bar_)
        return false;
    if (playing_ && jumped)
        write(LEFT, left);
    const double line = double(bar) * BAR_QUARTERS;
    write(BAR, quarters - line < a_frame ? line : quarters);
    playing_ = true;
    bar_ = bar;
    return recent_bars_ > 0 && recent_bars_-- > 0;
}

bool MidiIn::take(const uint8_t* message, uint32_t size, double quarters) {
    const bool harmony = is_harmony(message, size);
    const bool line = playing_ && is_of_a_stem(message, size);
    if (!harmony && !line)
        return false;
    write(MESSAGE, quarters, message);
    anything_ = true;
    if (line)
        recent_bars_ = HEARD_BARS;
    return harmony;
}

bool MidiIn::forget(double quarters) {
    recent_bars_ = 0;
    if (!anything_)
        return false;
    write(FORGET, quarters);
    anything_ = false;
    return true;
}

double MidiIn::next_bar() const {
    return recent_bars_ > 0 ? double(bar_ + 1) * BAR_QUARTERS : std::numeric_limits<double>::infinity();
}

void MidiIn::write(uint32_t kind, double quarters, const uint8_t* message) {
    Event& event = segment_.header().events[count_ % EVENTS];
    event.beat = quarters;
    event.kind = kind;
    for (size_t i = 0; i < 3; ++i)
        event.message[i] = message != nullptr ? message[i] : 0;
    ++count_;
}

}  // namespace musika
