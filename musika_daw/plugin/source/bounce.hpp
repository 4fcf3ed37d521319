// Whether the host renders to a file, and waiting for the engine when it does.
#pragma once

#include <atomic>
#include <cstdint>

#include "reader.hpp"

namespace musika {

class Bounce {
public:
    /// The host says so. Any thread.
    void say(bool offline) { said_.store(offline); }

    /// Takes note of a block; whether the host renders: it says so, or is far ahead of real time. Audio thread.
    bool on(bool playing, uint32_t frames, double rate);

    /// Waits until all of a block is there: as long as the engine lives, and shows in due time that it does.
    void wait(Reader& reader, const Wanted& wanted, uint32_t frames, Header& header);

private:
    std::atomic<bool> said_{false};
    bool was_playing_ = false;
    double began_ = 0.0;   // seconds of a steady clock
    double played_ = 0.0;  // seconds of sound since
};

}  // namespace musika
