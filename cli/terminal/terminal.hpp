// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../error.hpp"
#include "columns.hpp"
#include "style.hpp"

namespace wasmup::terminal {

/// What the program may do on its standard output.
struct Capabilities {
  bool live = false;    ///< a terminal, where a line can be written over
  bool colour = false;  ///< a terminal, and neither NO_COLOR nor TERM=dumb is set
  size_t width = 80;
};

/// Of this process.
Capabilities find_capabilities();

/// What is said behind a word: one line, or several. What a text has in it makes no line: a newline is shown.
class Lines {
 public:
  Lines(const char* line) : lines_{line} {}
  Lines(std::string_view line) : lines_{std::string(line)} {}
  Lines(std::string line) : lines_{std::move(line)} {}
  Lines(std::vector<std::string> lines) : lines_(std::move(lines)) {}
  Lines(std::initializer_list<std::string> lines) : lines_(lines) {}

  const std::vector<std::string>& get() const { return lines_; }

 private:
  std::vector<std::string> lines_;
};

/// All that the program says, and the only way to say it: whatever text it gets is shown as text::visible()
/// has it, as most of it comes from elsewhere. A line has a word in front that says what it is about. All but
/// print() hides secrets, too.
class Terminal {
 public:
  Terminal(std::ostream& out, std::ostream& err, Capabilities capabilities)
      : out_(out), err_(err), capabilities_(capabilities) {}

  bool colour() const { return capabilities_.colour; }
  size_t width() const { return capabilities_.width; }

  /// From now on only print() and report() say anything: what is printed is for another program.
  void keep_to_print() { keeps_to_print_ = true; }
  bool keeps_to_print() const { return keeps_to_print_; }

  /// A document of ours, for another program or in columns: its lines stay lines.
  void print(std::string_view document);
  /// Two columns, with an empty line before and after.
  void print(const std::vector<Line>& lines);
  /// `word` in its column, and then the lines, the further ones indented likewise.
  void say(std::string_view word, const Lines& lines, Style style = Style::plain);
  /// Lines of somebody else (a log), each behind a mark that no line of ours has.
  void quote(std::string_view whose, std::string_view text);
  /// `seen` is indented, but for what a compiler said: other programs read that.
  void report(const Error& error);

  /// Says what begins, where that can be written over; done() says what came of it, and how long it took.
  void begin(std::string_view word, std::string_view text);
  void done(std::string_view word, std::string_view text);
  /// It came to nothing: what begin() has said goes away.
  void give_up();

 private:
  using Clock = std::chrono::steady_clock;

  void write(std::string_view text);
  void hide_beginning();
  void show_beginning();

  std::ostream& out_;
  std::ostream& err_;
  Capabilities capabilities_;
  bool keeps_to_print_ = false;
  std::string beginning_;
  Clock::time_point begun_;
};

}  // namespace wasmup::terminal
