#ifndef _WIN32
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "child.hpp"

extern char** environ;

namespace musika {

namespace {

constexpr int END_MILLISECONDS = 1500;

/// Two ends of a line, neither of which another child of the host inherits. A socket: writing to one whose other end
/// is gone gives an error, where a pipe would give the host a signal.
bool make_line(int ends[2]) {
#ifdef SOCK_CLOEXEC
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0;
#else
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return false;
    const int on = 1;
    setsockopt(ends[0], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on));
    return fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0;
#endif
}

/// A session of its own, signals as a fresh process has them, and none of the host's files but the line.
void prepare(posix_spawnattr_t& attributes, posix_spawn_file_actions_t& files, int line) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, line, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
#endif
}

}  // namespace

long start_child(const std::vector<std::string>& words, int& pipe, std::string& problem) {
    int ends[2];
    if (!make_line(ends)) {
        problem = std::string("the engine cannot be started: ") + std::strerror(errno);
        return 0;
    }
    std::vector<char*> arguments;
    for (const std::string& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    prepare(attributes, files, ends[1]);
    pid_t process = 0;
    const int error = posix_spawnp(&process, arguments[0], &files, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    close(ends[1]);
    if (error != 0) {
        close(ends[0]);
        problem = "the engine " + words[0] + " cannot be started: " + std::strerror(error);
        return 0;
    }
    pipe = ends[0];
    return process;
}

bool child_ended(long process) {
    int status;
    const pid_t found = waitpid(pid_t(process), &status, WNOHANG);
    return found == process || (found < 0 && errno == ECHILD);
}

void end_child(long process, int pipe, bool now) {
    if (pipe >= 0)
        close(pipe);
    if (process == 0)
        return;
    for (int waited = 0; !now && waited < END_MILLISECONDS; waited += 10) {
        if (child_ended(process))
            return;
        usleep(10000);
    }
    kill(pid_t(process), SIGKILL);
    int status;
    waitpid(pid_t(process), &status, 0);
}

void tell_child(int pipe, const std::string& line) {
#ifdef MSG_NOSIGNAL
    const int flags = MSG_NOSIGNAL | MSG_DONTWAIT;
#else
    const int flags = MSG_DONTWAIT;
#endif
    if (pipe >= 0 && send(pipe, line.data(), line.size(), flags) < 0)
        return;  // it has ended, which the watcher sees
}

}  // namespace musika
#endif
