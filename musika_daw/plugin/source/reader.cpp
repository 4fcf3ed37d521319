#include "reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace musika {

namespace {

constexpr uint32_t GRAIN = 64;  // frames of silence at once
constexpr double DRIFT_SECONDS = 0.001;  // from the host's beat, before the place is found anew
constexpr double RAMP_DRIFT_SECONDS = 0.002;  // the same of a version in another tempo, which drifts all the time

int64_t block_of(int64_t position) {
    return position >= 0 ? position / BLOCK_FRAMES : -1 - (-1 - position) / BLOCK_FRAMES;
}

uint32_t frame_of(int64_t position) { return uint32_t(position - block_of(position) * BLOCK_FRAMES); }

}  // namespace

int64_t sample_at(double quarters, double bpm, double rate) { return std::llround(quarters * 60.0 / bpm * rate); }

void Reader::learn_versions(uint64_t serial) {
    Accepted& accepted = segment_.header().accepted;
    for (int attempt = 0; attempt < 4; ++attempt) {
        const uint32_t before = shared(accepted.sequence).load(std::memory_order_acquire);
        if (before & 1)
            continue;
        std::array<Version, RECENT> versions;
        std::memcpy(versions.data(), accepted.recent, sizeof(accepted.recent));
        const uint32_t count = accepted.count < RECENT ? accepted.count : uint32_t(RECENT);
        const uint64_t of_serial = accepted.serial;
        std::atomic_thread_fence(std::memory_order_acquire);
        if (shared(accepted.sequence).load(std::memory_order_relaxed) == before) {
            known_ = versions;
            known_count_ = count;
            known_first_ = 0;
            while (known_first_ < count && versions[known_first_].serial > serial)
                ++known_first_;
            known_wanted_ = known_first_ < count && of_serial >= serial;
            return;
        }
    }
}

Reader::Found Reader::find(uint64_t version, int64_t position) const {
    Found best;
    const int64_t block = block_of(position);
    if (block < 0)
        return best;
    const uint32_t frame = frame_of(position);
    const int64_t first = (block % SETS) * WAYS;
    for (int64_t slot = first; slot < first + WAYS; ++slot) {
        SlotHead& head = segment_.head(slot);
        const uint32_t sequence = shared(head.sequence).load(std::memory_order_acquire);
        const bool fits = head.block == block && head.version == version && head.valid_from <= frame;
        if (fits && !(sequence & 1) && head.quality > best.quality)
            best = {slot, sequence, head.quality};
    }
    return best;
}

/// The best that there is for a place: in the wanted version, else in the one before it, and so on.
Reader::Voice Reader::choose(const Wanted& wanted, double quarters, Found& found) const {
    for (uint32_t i = known_first_; i < known_count_; ++i) {
        const Version& version = known_[i];
        if (version.rate != wanted.rate)
            continue;
        int64_t position = sample_at(quarters, version.bpm, version.rate);
        if (version.number == voice_.version) {
            // Hosts round their positions: as long as the beat is the same, sample follows on sample.
            const double drift = double(voice_.position - position) / version.rate;
            if (std::fabs(drift) < (version.bpm == wanted.bpm ? DRIFT_SECONDS : RAMP_DRIFT_SECONDS))
                position = voice_.position;
        }
        found = find(version.number, position);
        if (found.slot >= 0)
            return {version.number, position, found.quality};
    }
    return {};
}

bool Reader::complete(const Wanted& wanted, uint32_t frames) {
    if (!wanted.playing)
        return true;
    learn_versions(wanted.serial);
    if (!known_wanted_)
        return false;
    const Version& version = known_[known_first_];
    if (version.bpm != wanted.made_bpm || version.rate != wanted.rate)
        return false;
    const int64_t place = sample_at(wanted.quarters, version.bpm, version.rate);
    const bool ramp = version.bpm != wanted.bpm;
    const double drift = (ramp ? 2.0 * RAMP_DRIFT_SECONDS : DRIFT_SECONDS) * wanted.rate;
    const bool follows = version.number == voice_.version && std::llabs(place - voice_.position) < drift;
    int64_t position = follows ? voice_.position : place, end = position + frames;
    if (ramp) {
        // It is played from here or from there, and drifts.
        position = std::min(position, place);
        end = std::max(end, place + frames) + std::llround(frames * std::fabs(wanted.bpm / version.bpm - 1.0));
    }
    for (position = position < 0 ? 0 : position; position < end; position = (block_of(position) + 1) * BLOCK_FRAMES)
        if (find(version.number, position).quality < EXACT)
            return false;
    return true;
}

/// Copies what a slot holds from a voice's place on; the number of frames that could be taken.
uint32_t Reader::piece(const Voice& voice, const Found& found, float* const* outputs, uint32_t at, uint32_t frames) {
    const uint32_t from = frame_of(voice.position);
    const uint32_t left = uint32_t(BLOCK_FRAMES) - from;
    const uint32_t count = frames < left ? frames : left;
    const float* const audio = segment_.audio(found.slot);
    for (int64_t channel = 0; channel < CHANNELS; ++channel)
        std::memcpy(outputs[channel] + at, audio + channel * BLOCK_FRAMES + from, count * sizeof(float));
    const uint32_t there = segment_.head(found.slot).note_count;
    note_count_ = there < NOTES ? there : uint32_t(NOTES);
    std::memcpy(notes_.data(), segment_.notes(found.slot), note_count_ * sizeof(SlotNote));
    std::atomic_thread_fence(std::memory_order_acquire);
    // Written over meanwhile: what was copied may be of two places.
    return shared(segment_.head(found.slot).sequence).load(std::memory_order_relaxed) == found.sequence ? count : 0;
}

void Reader::begin_change(const Voice& voice, double quarters, const Wanted& wanted) {
    const bool from_silence = voice_.version == 0;
    if (from_silence && !was_playing_)
        return;  // playing begins, with the first sample as it is
    const bool jump = std::fabs(quarters - expected_) > 2.0 * DRIFT_SECONDS * wanted.bpm / 60.0;
    change_ = !from_silence && (jump || voice.version == 0) ? Change::OVER : Change::CROSS;
    fading_ = voice_;
    held_ = last_;
    fade_left_ = FADE;
}

/// Lays what sounded before, fading, under what was just written.
void Reader::blend(float* const* outputs, uint32_t at, uint32_t frames) {
    const uint32_t count = frames < fade_left_ ? frames : fade_left_;
    if (count == 0)
        return;
    Found found;
    if (fading_.version != 0) {
        found = find(fading_.version, fading_.position);
        if (found.quality < fading_.quality)
            found.slot = -1;
    }
    const int64_t first = fading_.position - block_of(fading_.position) * BLOCK_FRAMES;
    const float* const audio = found.slot < 0 ? nullptr : segment_.audio(found.slot) + first;
    for (int64_t channel = 0; channel < CHANNELS; ++channel) {
        float* const out = outputs[channel] + at;
        float& held = held_[size_t(channel)];
        for (uint32_t i = 0; i < count; ++i) {
            const float share = float(fade_left_ - i) / float(FADE + 1);
            if (audio != nullptr && first + i < BLOCK_FRAMES)
                held = audio[channel * BLOCK_FRAMES + i];
            out[i] = share * held + (change_ == Change::CROSS ? 1.0f - share : 1.0f) * out[i];
        }
    }
    fade_left_ -= count;
    fading_.position += count;
}

bool Reader::play(const Wanted& wanted, float* const* outputs, uint32_t at, uint32_t frames, NotesOut& notes) {
    learn_versions(wanted.serial);
    bool whole = true;
    const uint32_t begin = at, end = at + frames;
    while (at < end) {
        const double quarters = wanted.quarters + double(at - begin) / wanted.rate * wanted.bpm / 60.0;
        const uint32_t left = end - at;
        Found found;
        Voice voice;
        if (wanted.playing)
            voice = choose(wanted, quarters, found);
        uint32_t count = voice.version != 0 ? piece(voice, found, outputs, at, left) : 0;
        if (count == 0) {
            // Nothing there: silence, up to where there may be something again.
            voice = {};
            count = left < GRAIN ? left : GRAIN;
            for (int64_t channel = 0; channel < CHANNELS; ++channel)
                std::memset(outputs[channel] + at, 0, count * sizeof(float));
            whole = whole && (!wanted.playing || quarters < 0.0);
        }
        const bool same = voice.version == voice_.version && voice.quality == voice_.quality;
        const bool changed = !same || (voice.version != 0 && voice.position != voice_.position);
        if (changed)
            begin_change(voice, quarters, wanted);
        blend(outputs, at, count);
        if (voice.version == 0)
            notes.stop(at);
        else
            notes.play(notes_.data(), note_count_, frame_of(voice.position), count, at, changed);
        for (int64_t channel = 0; channel < CHANNELS; ++channel)
            last_[size_t(channel)] = outputs[channel][at + count - 1];
        voice_ = voice;
        voice_.position += count;
        was_playing_ = wanted.playing && quarters >= 0.0;
        expected_ = quarters + double(count) / wanted.rate * wanted.bpm / 60.0;
        at += count;
    }
    return whole;
}

}  // namespace musika
