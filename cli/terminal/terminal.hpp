// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>

#include "../error.hpp"
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

/// All that the program says. A line has a word in front that says what it is about.
class Terminal {
 public:
  Terminal(std::ostream& out, std::ostream& err, Capabilities capabilities)
      : out_(out), err_(err), capabilities_(capabilities) {}

  bool colour() const { return capabilities_.colour; }
  size_t width() const { return capabilities_.width; }

  /// From now on only print() and report() say anything: what is printed is for another program.
  void keep_to_print() { keeps_to_print_ = true; }
  bool keeps_to_print() const { return keeps_to_print_; }

  /// Whole lines, as they are.
  void print(std::string_view text);
  /// `word` in its column, and then `text`, whose further lines are indented likewise.
  void say(std::string_view word, std::string_view text, Style style = Style::plain);
  /// `seen` is indented, but for what a compiler said: other programs read that.
  void report(const Error& error);

  /// Says what begins, where that can be written over; done() says what came of it, and how long it took.
  void begin(std::string_view word, std::string_view text);
  void done(std::string_view word, std::string_view text);
  /// It came to nothing: what begin() has said goes away.
  void give_up();

 private:
  using Clock = std::chrono::steady_clock;

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
