#include "segment.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#ifdef _WIN32
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace musika {

namespace {

std::string fresh_path() {
    static std::atomic<unsigned> count{0};
#ifdef _WIN32
    const unsigned process = GetCurrentProcessId();
    const char* const folder = "Local\\";
#else
    const unsigned process = getpid();
    struct stat found;
    const char* const temporary = std::getenv("TMPDIR");
    // In memory where the system has a file system there; a file that is mapped and soon removed otherwise.
    const std::string folder =
        (stat("/dev/shm", &found) == 0 ? std::string("/dev/shm") : std::string(temporary ? temporary : "/tmp")) + "/";
#endif
    return folder + std::string("musika-daw-") + std::to_string(process) + "-" + std::to_string(count++);
}

}  // namespace

Segment::Segment() : path_(fresh_path()) {
    if (!map())
        return;
    char* const bytes = static_cast<char*>(memory_);
    header_ = reinterpret_cast<Header*>(bytes);
    heads_ = reinterpret_cast<SlotHead*>(bytes + HEADS_OFFSET);
    notes_ = reinterpret_cast<const SlotNote*>(bytes + NOTES_OFFSET);
    audio_ = reinterpret_cast<const float*>(bytes + AUDIO_OFFSET);
    header_->layout_version = LAYOUT_VERSION;
    header_->bytes = SEGMENT_BYTES;
#ifdef _WIN32
    header_->host_process = GetCurrentProcessId();
#else
    header_->host_process = getpid();
#endif
    header_->serial = 1;
    shared(header_->magic).store(MAGIC, std::memory_order_release);
}

#ifdef _WIN32

bool Segment::map() {
    const DWORD high = DWORD(uint64_t(SEGMENT_BYTES) >> 32), low = DWORD(SEGMENT_BYTES);
    handle_ = CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, high, low, path_.c_str());
    if (handle_ == nullptr)
        return false;
    memory_ = MapViewOfFile(handle_, FILE_MAP_ALL_ACCESS, 0, 0, SEGMENT_BYTES);
    return memory_ != nullptr;
}

Segment::~Segment() {
    if (memory_ != nullptr)
        UnmapViewOfFile(memory_);
    if (handle_ != nullptr)
        CloseHandle(handle_);
}

#else

bool Segment::map() {
    const int file = open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return false;
    void* memory = MAP_FAILED;
    if (ftruncate(file, SEGMENT_BYTES) == 0)
        memory = mmap(nullptr, SEGMENT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory == MAP_FAILED) {
        unlink(path_.c_str());
        return false;
    }
    memory_ = memory;
    return true;
}

Segment::~Segment() {
    if (memory_ == nullptr)
        return;
    munmap(memory_, SEGMENT_BYTES);
    unlink(path_.c_str());
}

#endif

void Segment::write_text(const std::string& text) {
    auto& sequence = shared(header_->text_sequence);
    sequence.fetch_add(1, std::memory_order_acq_rel);
    const size_t bytes = text.size() < size_t(TEXT_BYTES) ? text.size() : 0;
    std::memcpy(header_->text, text.data(), bytes);
    header_->text_bytes = uint32_t(bytes);
    sequence.fetch_add(1, std::memory_order_acq_rel);
    shared(header_->serial).fetch_add(1, std::memory_order_acq_rel);
}

void Segment::write_status(const char* line) {
    std::snprintf(header_->status, sizeof(header_->status), "%s", line);
}

}  // namespace musika
