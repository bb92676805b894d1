// SPDX-License-Identifier: MIT
#include "terminal.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../text/secrets.hpp"
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

/// As it is shown in one line.
std::string shown(std::string_view text) { return text::visible(text::masked(text)); }

/// Not to be taken for our own next line.
bool looks_like_ours(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line.starts_with("next:");
}

/// What was seen, line by line. What a compiler said is code, in which nothing is hidden.
std::string shown_lines(std::string_view text, bool is_code) {
  std::string result;
  for (const std::string& line : text::lines_of(text)) {
    if (!is_code) result += "  ";
    if (looks_like_ours(line)) result += "| ";
    result += text::visible_lines(is_code ? line : text::masked(line)) + "\n";
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

void Terminal::write(std::string_view text) {
  hide_beginning();
  out_ << text << std::flush;
  show_beginning();
}

void Terminal::print(std::string_view document) { write(text::visible_lines(document)); }

void Terminal::print(const std::vector<Line>& lines) {
  write("\n" + side_by_side(lines, capabilities_.width, capabilities_.colour) + "\n");
}

void Terminal::say(std::string_view word, const Lines& lines, Style style) {
  if (keeps_to_print_) return;
  std::string text = fmt::format("{:<{}}", word.substr(0, word_width), word_width);
  for (const std::string& line : lines.get()) {
    if (&line != &lines.get().front()) text += "\n" + std::string(word_width, ' ');
    text += shown(line);
  }
  write(styled(text, style, capabilities_.colour) + "\n");
}

void Terminal::quote(std::string_view whose, std::string_view text) {
  std::string quoted;
  for (const std::string& line : text::lines_of(text)) quoted += fmt::format("{} | {}\n", whose, shown(line));
  write(quoted);
}

void Terminal::report(const Error& error) {
  give_up();
  if (error.code == ExitCode::interrupted) {
    err_ << "interrupted\n" << std::flush;
    return;
  }
  err_ << "error: " << shown(error.what) << "\n"
       << shown_lines(error.seen, error.code == ExitCode::build_failed);
  std::string_view start = "  next: ";
  for (const std::string& line : text::lines_of(error.next)) {
    err_ << start << shown(line) << "\n";
    start = "        ";
  }
  err_ << std::flush;
}

void Terminal::begin(std::string_view word, std::string_view text) {
  if (keeps_to_print_) return;
  hide_beginning();
  begun_ = Clock::now();
  beginning_ = fmt::format("{:<{}}{} ...", word, word_width, shown(text));
  show_beginning();
}

void Terminal::done(std::string_view word, std::string_view text) {
  if (keeps_to_print_) return;
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  give_up();
  const std::string safe = shown(text);
  const size_t columns = std::clamp(capabilities_.width, narrowest, step_width) - word_width - time_width;
  const size_t taken = text::width(safe);
  const size_t blanks = taken < columns ? columns - taken : 0;
  write(
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
