// The engine's process, one for all instances of a host process: started with the first, watched, ended with the last.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "segment.hpp"

namespace musika {

class EngineHost {
public:
    /// The one of this process, made with its first user and gone with its last. Not from the audio thread.
    static std::shared_ptr<EngineHost> shared_one();

    EngineHost();
    ~EngineHost();

    void attach(Segment* segment);
    /// When it returns, the engine is told and nothing here touches the segment any more.
    void detach(Segment* segment);

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Segment*> segments_;
    bool quitting_ = false;
    std::thread watcher_;

    // Of the watcher, under the mutex.
    long process_ = 0;
    int pipe_ = -1;
    unsigned failures_ = 0;
    double next_try_ = 0.0;
    uint64_t beat_ = 0;      // last heartbeat that was seen
    double beat_seen_ = 0.0; // when it changed

    void watch();
    void start(double now);
    void check(double now);
    void lose(double now, const char* why);
    void stop();
    void tell(const std::string& line);
    void set_state(uint32_t state, const char* status);
};

/// Command line of the installed program, from the file that it wrote; empty if it is not installed.
std::vector<std::string> engine_command(std::string& problem);

}  // namespace musika
