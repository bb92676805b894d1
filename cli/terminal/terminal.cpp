// SPDX-License-Identifier: MIT
#include "terminal.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../text/visible.hpp"

namespace wasmup::terminal {
namespace {

constexpr size_t word_width = 10;
constexpr size_t time_width = 8;  // "  12.3 s"
constexpr size_t narrowest = 40;
constexpr size_t step_width = 72;  // of a step with its time, also on wider terminals

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

/// Every line of `text` behind `start`.
std::string indented(std::string_view text, std::string_view start) {
  std::string result;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    result.append(start).append(text.substr(0, end)) += '\n';
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return result;
}

}  // namespace

Capabilities find_capabilities() {
  Capabilities found;
  found.live = ::isatty(STDOUT_FILENO) == 1;
  if (!found.live) return found;
  const char* kind = std::getenv("TERM");
  const bool dumb = kind == nullptr || std::string_view(kind) == "dumb";
  found.colour = !dumb && !is_set("NO_COLOR");
  found.live = !dumb;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) found.width = size.ws_col;
  return found;
}

void Terminal::print(std::string_view text) {
  hide_beginning();
  out_ << text << std::flush;
  show_beginning();
}

void Terminal::say(std::string_view word, std::string_view text, Style style) {
  if (keeps_to_print_) return;
  const std::string safe = text::visible(text);
  std::string lines = indented(safe, std::string(word_width, ' '));
  if (lines.empty()) lines = std::string(word_width, ' ') + "\n";
  lines.replace(0, word_width, fmt::format("{:<{}}", word.substr(0, word_width), word_width));
  lines.pop_back();
  print(styled(lines, style, capabilities_.colour) + "\n");
}

void Terminal::report(const Error& error) {
  give_up();
  if (error.code == ExitCode::interrupted) {
    err_ << "interrupted\n" << std::flush;
    return;
  }
  err_ << "error: " << text::visible(error.what) << "\n";
  const bool compiler = error.code == ExitCode::build_failed;
  err_ << indented(text::visible(error.seen), compiler ? "" : "  ");
  if (!error.next.empty()) {
    const std::string lines = indented(text::visible(error.next), "        ");
    err_ << "  next: " << std::string_view(lines).substr(8);
  }
  err_ << std::flush;
}

void Terminal::begin(std::string_view word, std::string_view text) {
  if (keeps_to_print_) return;
  hide_beginning();
  begun_ = Clock::now();
  beginning_ = fmt::format("{:<{}}{} ...", word, word_width, text::visible(text));
  show_beginning();
}

void Terminal::done(std::string_view word, std::string_view text) {
  if (keeps_to_print_) return;
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  give_up();
  const std::string safe = text::visible(text);
  const size_t columns = std::clamp(capabilities_.width, narrowest, step_width) - word_width - time_width;
  const size_t taken = text::width(safe);
  const size_t blanks = taken < columns ? columns - taken : 0;
  print(
      fmt::format("{:<{}}{}{:{}}{:>{}.1f} s\n", word, word_width, safe, "", blanks, seconds, time_width - 2));
}

void Terminal::give_up() {
  hide_beginning();
  beginning_.clear();
}

void Terminal::hide_beginning() {
  if (capabilities_.live && !beginning_.empty()) out_ << "\r\x1b[K" << std::flush;
}

void Terminal::show_beginning() {
  if (capabilities_.live) out_ << beginning_ << std::flush;
}

}  // namespace wasmup::terminal
