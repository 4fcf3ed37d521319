#include "engine_host.hpp"

#include <algorithm>
#include <chrono>

#include "child.hpp"

namespace musika {

namespace {

constexpr double LOOK_SECONDS = 0.1;
constexpr double HUNG_SECONDS = 4.0;       // without a heartbeat, once it was ready
constexpr double SLOW_START_SECONDS = 90;  // to load a model from a slow disk
constexpr double MOST_PAUSE_SECONDS = 8.0; // between two tries to start it

double now_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

std::shared_ptr<EngineHost> EngineHost::shared_one() {
    static std::mutex mutex;
    static std::weak_ptr<EngineHost> one;
    const std::lock_guard<std::mutex> lock(mutex);
    std::shared_ptr<EngineHost> found = one.lock();
    if (!found)
        one = found = std::make_shared<EngineHost>();
    return found;
}

EngineHost::EngineHost() : watcher_([this] { watch(); }) {}

EngineHost::~EngineHost() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        quitting_ = true;
    }
    changed_.notify_all();
    watcher_.join();
    stop();
}

void EngineHost::attach(Segment* segment) {
    const std::lock_guard<std::mutex> lock(mutex_);
    segments_.push_back(segment);
    if (process_ != 0) {
        shared(segment->header().engine_state).store(STARTING);
        tell("open " + segment->path());
    }
    changed_.notify_all();
}

void EngineHost::detach(Segment* segment) {
    const std::lock_guard<std::mutex> lock(mutex_);
    segments_.erase(std::remove(segments_.begin(), segments_.end(), segment), segments_.end());
    if (process_ != 0)
        tell("close " + segment->path());
}

void EngineHost::watch() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!quitting_) {
        const double now = now_seconds();
        if (process_ != 0)
            check(now);
        else if (!segments_.empty() && now >= next_try_)
            start(now);
        changed_.wait_for(lock, std::chrono::duration<double>(LOOK_SECONDS));
    }
}

void EngineHost::start(double now) {
    std::string problem;
    const std::vector<std::string> words = engine_command(problem);
    if (!words.empty())
        process_ = start_child(words, pipe_, problem);
    if (process_ == 0) {
        next_try_ = now + MOST_PAUSE_SECONDS / 4;
        set_state(FAILED, problem.c_str());
        return;
    }
    beat_seen_ = now;
    beat_ = 0;
    set_state(STARTING, "starting");
    for (Segment* segment : segments_) {
        shared(segment->header().heartbeat).store(0);
        tell("open " + segment->path());
    }
}

void EngineHost::check(double now) {
    if (child_ended(process_)) {
        process_ = 0;
        lose(now, "the engine has ended; it is started again");
        return;
    }
    uint64_t beat = 0;
    for (Segment* segment : segments_)
        beat = std::max(beat, shared(segment->header().heartbeat).load());
    if (beat != beat_) {
        beat_ = beat;
        beat_seen_ = now;
        failures_ = 0;
    } else if (!segments_.empty() && now - beat_seen_ > (beat == 0 ? SLOW_START_SECONDS : HUNG_SECONDS)) {
        lose(now, "the engine hung; it is started again");
    }
}

/// Lets go of the process, ending it if need be, and plans the next try.
void EngineHost::lose(double now, const char* why) {
    end_child(process_, pipe_, true);
    process_ = 0;
    pipe_ = -1;
    next_try_ = now + (failures_ == 0 ? 0.0 : std::min(MOST_PAUSE_SECONDS, 0.5 * double(1u << std::min(failures_, 4u))));
    ++failures_;
    set_state(GONE, why);
}

void EngineHost::stop() {
    end_child(process_, pipe_, false);
    process_ = 0;
    pipe_ = -1;
}

void EngineHost::tell(const std::string& line) { tell_child(pipe_, line + "\n"); }

void EngineHost::set_state(uint32_t state, const char* status) {
    for (Segment* segment : segments_) {
        shared(segment->header().engine_state).store(state);
        segment->write_status(status);
    }
}

}  // namespace musika
