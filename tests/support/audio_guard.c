/* Watches what a plug-in does in its audio thread: preloaded into a host, it counts memory that is asked for or given
 * back, locks that are waited for, and system calls, while a block is processed. Linux. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#endif

enum { MEMORY, LOCKS, SYSTEM_CALLS, KINDS };

static __thread volatile char watching;
static __thread volatile char selector; /* 1: the kernel stops system calls of this thread */
static long counts[KINDS];
static long last_call;

#define REAL(result, name, types, values, kind)                        \
    result name types {                                                \
        static result (*real) types;                                   \
        if (!real)                                                     \
            real = (result(*) types)dlsym(RTLD_NEXT, #name);           \
        if (watching)                                                  \
            ++counts[kind];                                            \
        return real values;                                            \
    }

extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
extern void __libc_free(void*);

void* malloc(size_t size) {
    counts[MEMORY] += watching;
    return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
    counts[MEMORY] += watching;
    return __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) {
    counts[MEMORY] += watching;
    return __libc_realloc(old, size);
}
void free(void* memory) {
    counts[MEMORY] += watching;
    __libc_free(memory);
}

REAL(int, pthread_mutex_lock, (pthread_mutex_t * mutex), (mutex), LOCKS)
REAL(int, pthread_rwlock_rdlock, (pthread_rwlock_t * lock), (lock), LOCKS)
REAL(int, pthread_rwlock_wrlock, (pthread_rwlock_t * lock), (lock), LOCKS)
REAL(int, pthread_cond_wait, (pthread_cond_t * cond, pthread_mutex_t* mutex), (cond, mutex), LOCKS)
REAL(int, nanosleep, (const struct timespec* time, struct timespec* rest), (time, rest), LOCKS)

static void stopped(int number, siginfo_t* info, void* context) {
    (void)number;
    selector = 0; /* the handler's own way back is a system call, too */
#if defined(__x86_64__)
    greg_t* const at = ((ucontext_t*)context)->uc_mcontext.gregs;
    if (at[REG_RAX] != SYS_clock_gettime) { /* where the kernel keeps no clock in the process's memory */
        ++counts[SYSTEM_CALLS];
        last_call = at[REG_RAX];
    }
    long result;
    register long r10 __asm__("r10") = at[REG_R10];
    register long r8 __asm__("r8") = at[REG_R8];
    register long r9 __asm__("r9") = at[REG_R9];
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(at[REG_RAX]), "D"(at[REG_RDI]), "S"(at[REG_RSI]), "d"(at[REG_RDX]), "r"(r10), "r"(r8),
                       "r"(r9)
                     : "rcx", "r11", "memory");
    at[REG_RAX] = result;
#endif
    (void)info;
}

/* Whether system calls of this thread can be stopped, too. */
int guard_system_calls(void) {
#if defined(__x86_64__)
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = stopped;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSYS, &action, NULL);
    return prctl(PR_SET_SYSCALL_USER_DISPATCH, 1, 0, 0, &selector) == 0;
#else
    return 0;
#endif
}

/* Processes a block under watch. `watch_calls`: as `guard_system_calls` said. */
int guard_process(int (*process)(const void*, const void*), const void* plugin, const void* block, int watch_calls) {
    watching = 1;
    selector = (char)watch_calls;
    const int result = process(plugin, block);
    selector = 0;
    watching = 0;
    return result;
}

long guard_count(int kind) { return counts[kind]; }
long guard_last_call(void) { return last_call; }

/* Does what none should do, to show that it is seen. */
int guard_offend(const void* plugin, const void* block) {
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    (void)plugin, (void)block;
    free(malloc(1000));
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    return (int)syscall(SYS_getppid);
}

/* Events of CLAP without a line of the host's language in the audio thread. */
struct list {
    uint32_t count;
    const void* const* events;
};
struct input {
    const struct list* list;
    uint32_t (*size)(const struct input*);
    const void* (*get)(const struct input*, uint32_t);
};
struct output {
    void* context;
    int8_t (*try_push)(const struct output*, const void*);
};
static uint32_t list_size(const struct input* input) { return input->list->count; }
static const void* list_get(const struct input* input, uint32_t place) { return input->list->events[place]; }
static int8_t take(const struct output* output, const void* event) {
    (void)event;
    ++*(long*)output->context;
    return 1;
}
void guard_events(struct input* input, const struct list* list, struct output* output, long* taken) {
    input->list = list;
    input->size = list_size;
    input->get = list_get;
    output->context = taken;
    output->try_push = take;
}
