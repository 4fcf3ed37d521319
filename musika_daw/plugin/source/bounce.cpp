#include "bounce.hpp"

#include <chrono>
#include <thread>

namespace musika {

namespace {

constexpr double AHEAD_SECONDS = 2.0;      // no host is so far ahead while somebody listens
constexpr double STANDSTILL_SECONDS = 6.0; // without a heartbeat: longer than it takes to notice and start another
constexpr double START_SECONDS = 90.0;
constexpr auto NAP = std::chrono::microseconds(300);

double now_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

bool Bounce::on(bool playing, uint32_t frames, double rate) {
    const double now = now_seconds();
    if (!playing || !was_playing_ || now - began_ > played_ + AHEAD_SECONDS) {
        began_ = now;
        played_ = 0.0;
    }
    was_playing_ = playing;
    played_ += frames / rate;
    return said_.load(std::memory_order_relaxed) || played_ - (now - began_) > AHEAD_SECONDS;
}

void Bounce::wait(Reader& reader, const Wanted& wanted, uint32_t frames, Header& header) {
    const double began = now_seconds();
    double alive = began;
    uint64_t beat = shared(header.heartbeat).load();
    while (!reader.complete(wanted, frames)) {
        const double now = now_seconds();
        const uint64_t newer = shared(header.heartbeat).load();
        if (newer != beat) {
            beat = newer;
            alive = now;
        }
        const uint32_t state = shared(header.engine_state).load();
        const bool starting = state == NOT_STARTED || state == STARTING || state == GONE;
        if (state == FAILED || now - alive > (starting ? START_SECONDS : STANDSTILL_SECONDS))
            return;
        std::this_thread::sleep_for(NAP);
    }
}

}  // namespace musika
