// A child process that is told lines, and ends when there is nobody left to tell it any: with its host, however that
// ends.
#pragma once

#include <string>
#include <vector>

namespace musika {

/// Starts a program without a window; its number, or 0 and what the problem was. `pipe`: to tell it lines.
long start_child(const std::vector<std::string>& words, int& pipe, std::string& problem);

/// Whether it has ended.
bool child_ended(long process);

/// Closes its pipe and waits a moment for its end; kills it at once with `now`, else if it does not end.
void end_child(long process, int pipe, bool now);

void tell_child(int pipe, const std::string& line);

}  // namespace musika
