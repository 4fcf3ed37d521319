// What a host says that DPF does not hand on: the wrappers' copies that are compiled with us call these.
#pragma once

namespace musika {

/// The host renders to a file, faster or slower than real time. Not called from the audio thread.
void host_is_offline(void* plugin, bool offline);

/// Where the host is, before each block, in quarter notes and in double precision. Audio thread.
void host_is_at(void* plugin, double quarters, bool looping, double loop_start, double loop_end);

}  // namespace musika
