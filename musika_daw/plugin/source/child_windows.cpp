#ifdef _WIN32
#include <windows.h>

#include <map>

#include "child.hpp"

// A child is in a job that ends it with the host's last handle of it, whatever ends the host.

namespace musika {

namespace {

struct Child {
    HANDLE process, job, line;
};

std::map<long, Child>& children() {
    static std::map<long, Child> all;
    return all;
}

std::string quoted(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words)
        line += "\"" + word + "\" ";
    return line;
}

HANDLE dying_job() {
    const HANDLE job = CreateJobObjectA(nullptr, nullptr);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {};
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof(limits));
    return job;
}

}  // namespace

long start_child(const std::vector<std::string>& words, int& pipe, std::string& problem) {
    SECURITY_ATTRIBUTES inherit = {sizeof(inherit), nullptr, TRUE};
    HANDLE reading = nullptr, writing = nullptr;
    if (!CreatePipe(&reading, &writing, &inherit, 0)) {
        problem = "the engine cannot be started: no pipe";
        return 0;
    }
    SetHandleInformation(writing, HANDLE_FLAG_INHERIT, 0);
    STARTUPINFOA start = {};
    start.cb = sizeof(start);
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdInput = reading;
    PROCESS_INFORMATION made = {};
    std::string line = quoted(words);
    const DWORD flags = CREATE_NO_WINDOW | CREATE_SUSPENDED;
    const BOOL well = CreateProcessA(nullptr, &line[0], nullptr, nullptr, TRUE, flags, nullptr, nullptr, &start, &made);
    CloseHandle(reading);
    if (!well) {
        CloseHandle(writing);
        problem = "the engine " + words[0] + " cannot be started";
        return 0;
    }
    const HANDLE job = dying_job();
    AssignProcessToJobObject(job, made.hProcess);
    ResumeThread(made.hThread);
    CloseHandle(made.hThread);
    const long number = long(made.dwProcessId);
    children()[number] = {made.hProcess, job, writing};
    pipe = int(number);
    return number;
}

bool child_ended(long process) {
    const auto found = children().find(process);
    return found == children().end() || WaitForSingleObject(found->second.process, 0) == WAIT_OBJECT_0;
}

void end_child(long, int pipe, bool now) {
    const auto found = children().find(pipe);
    if (found == children().end())
        return;
    CloseHandle(found->second.line);
    if (!now)
        WaitForSingleObject(found->second.process, 1500);
    TerminateProcess(found->second.process, 1);
    CloseHandle(found->second.process);
    CloseHandle(found->second.job);
    children().erase(found);
}

void tell_child(int pipe, const std::string& line) {
    const auto found = children().find(pipe);
    DWORD written = 0;
    if (found != children().end())
        WriteFile(found->second.line, line.data(), DWORD(line.size()), &written, nullptr);
}

}  // namespace musika
#endif
