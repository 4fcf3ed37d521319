// The shared memory of one instance: made by the plug-in, filled by the engine.
#pragma once

#include <atomic>
#include <string>

#include "layout.hpp"

namespace musika {

/// Atomic access to a field of the segment, which is plain memory to both sides.
template <typename T>
std::atomic<T>& shared(T& field) {
    static_assert(std::atomic<T>::is_always_lock_free && sizeof(std::atomic<T>) == sizeof(T));
    return reinterpret_cast<std::atomic<T>&>(field);
}

class Segment {
public:
    /// Makes the file and maps it; `usable` says whether that went well.
    Segment();
    /// Removes the file.
    ~Segment();
    Segment(const Segment&) = delete;
    Segment& operator=(const Segment&) = delete;

    bool usable() const { return header_ != nullptr; }
    const std::string& path() const { return path_; }
    Header& header() { return *header_; }
    SlotHead& head(int64_t slot) { return heads_[slot]; }
    const SlotNote* notes(int64_t slot) const { return notes_ + slot * NOTES; }
    const float* audio(int64_t slot) const { return audio_ + slot * SLOT_FLOATS; }

    /// Writes the project's text. Not from the audio thread, one caller at a time.
    void write_text(const std::string& text);
    /// Writes the line that says what the engine does.
    void write_status(const char* line);

private:
    std::string path_;
    void* memory_ = nullptr;
    void* handle_ = nullptr;  // Windows' mapping
    Header* header_ = nullptr;
    SlotHead* heads_ = nullptr;
    const SlotNote* notes_ = nullptr;
    const float* audio_ = nullptr;

    bool map();
};

}  // namespace musika
