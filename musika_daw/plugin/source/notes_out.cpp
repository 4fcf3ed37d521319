#include "notes_out.hpp"

namespace musika {

namespace {

constexpr uint8_t NOTE_OFF = 0x80, NOTE_ON = 0x90;

}  // namespace

void NotesOut::say(uint32_t at, uint8_t status, uint8_t pitch, uint8_t velocity) {
    if (count_ < messages_.size())
        messages_[count_++] = {at, {status, pitch, velocity}};
}

void NotesOut::end(size_t number, uint32_t at) {
    const Sounding& gone = sounding_[number];
    say(at, uint8_t(NOTE_OFF | gone.channel), gone.pitch, 0);
    sounding_[number] = sounding_[--sounding_count_];
}

void NotesOut::start(const SlotNote& note, uint32_t at, int64_t left) {
    for (size_t i = 0; i < sounding_count_; ++i) {
        if (sounding_[i].channel == note.channel && sounding_[i].pitch == note.pitch) {
            end(i, at);
            break;
        }
    }
    // What has no room to be ended is not begun.
    if (sounding_count_ == sounding_.size() || count_ + sounding_count_ >= messages_.size())
        return;
    say(at, uint8_t(NOTE_ON | note.channel), note.pitch, note.velocity);
    sounding_[sounding_count_++] = {note.channel, note.pitch, left};
}

void NotesOut::keep_what_goes_on(const SlotNote* notes, uint32_t note_count, uint32_t from, uint32_t at) {
    for (size_t i = sounding_count_; i-- > 0;) {
        int64_t left = 0;
        for (uint32_t n = 0; n < note_count; ++n) {
            const int64_t until = int64_t(notes[n].start) + notes[n].frames - from;
            const bool same = notes[n].channel == sounding_[i].channel && notes[n].pitch == sounding_[i].pitch;
            if (same && notes[n].start < int64_t(from) && until > left)
                left = until;
        }
        sounding_[i].left = left;
        if (left == 0)
            end(i, at);
    }
}

void NotesOut::play(
    const SlotNote* notes, uint32_t note_count, uint32_t from, uint32_t frames, uint32_t at, bool changed) {
    if (changed)
        keep_what_goes_on(notes, note_count, from, at);
    uint32_t next = 0;  // they are in order of their starts
    while (next < note_count && notes[next].start < int64_t(from))
        ++next;
    for (;;) {
        size_t first = 0;
        for (size_t i = 1; i < sounding_count_; ++i)
            if (sounding_[i].left < sounding_[first].left)
                first = i;
        const int64_t none = frames;
        const int64_t ends = sounding_count_ > 0 ? sounding_[first].left : none;
        const int64_t starts = next < note_count ? notes[next].start - int64_t(from) : none;
        if (ends <= starts && ends < none) {
            end(first, at + uint32_t(ends));
        } else if (starts < none) {
            start(notes[next], at + uint32_t(starts), starts + notes[next].frames);
            ++next;
        } else {
            break;
        }
    }
    for (size_t i = 0; i < sounding_count_; ++i)
        sounding_[i].left -= frames;
}

void NotesOut::stop(uint32_t at) {
    while (sounding_count_ > 0)
        end(sounding_count_ - 1, at);
}

}  // namespace musika
