// SPDX-License-Identifier: MIT
#include "terminal.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

#include "../text/visible.hpp"

namespace wasmup::terminal {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class TerminalTest : public testing::Test {
 protected:
  std::ostringstream out_;
  std::ostringstream err_;
  Terminal plain_{out_, err_, {}};
  Terminal live_{out_, err_, {.live = true, .colour = true, .width = 80}};
};

TEST_F(TerminalTest, a_line_has_its_word_in_a_column) {
  plain_.say("serving", {"http://127.0.0.1:1", "curl it"});
  EXPECT_EQ(out_.str(),
            "serving   http://127.0.0.1:1\n"
            "          curl it\n");
}

TEST_F(TerminalTest, a_line_without_text_is_its_word) {
  plain_.say("filter", "");
  EXPECT_THAT(out_.str(), MatchesRegex("filter *\n"));
}

TEST_F(TerminalTest, an_error_says_what_was_seen_and_what_comes_next) {
  plain_.report({ExitCode::environment, "no such thing", "a\nb", "do c\nor d"});
  EXPECT_EQ(err_.str(),
            "error: no such thing\n"
            "  a\n"
            "  b\n"
            "  next: do c\n"
            "        or d\n");
  EXPECT_EQ(out_.str(), "");
}

TEST_F(TerminalTest, an_error_may_have_nothing_but_its_first_line) {
  plain_.report({ExitCode::usage, "no", "", ""});
  EXPECT_EQ(err_.str(), "error: no\n");
}

TEST_F(TerminalTest, what_a_compiler_said_is_not_indented) {
  plain_.report(
      {ExitCode::build_failed, "x does not compile", "a.cpp:1:2: error: no\n  1 | x\n", "a.cpp:1:2: no"});
  EXPECT_EQ(err_.str(),
            "error: x does not compile\n"
            "a.cpp:1:2: error: no\n"
            "  1 | x\n"
            "  next: a.cpp:1:2: no\n");
}

TEST_F(TerminalTest, an_interruption_is_one_word) {
  plain_.report({ExitCode::interrupted, "x did not finish", "interrupted", ""});
  EXPECT_EQ(err_.str(), "interrupted\n");
}

/// What somebody would name a thing to have it taken for something else.
const std::vector<std::string> foreign{"x\nok        all is well",
                                       "x\r\nerror: no",
                                       "x\rok  yes",
                                       "\x1b]0;title\x07",
                                       "\xe2\x80\xae txt",
                                       "\xc2\x9b[2J",
                                       "x\x80\x9bz",
                                       "x\u2028ok",
                                       "x\u200by",
                                       "\U000e0061",
                                       "x\n  next: rm",
                                       "x\b\b\by",
                                       std::string("x\0ok", 4)};

/// All of it is printable, and only our own newlines are in it.
void expect_harmless(const std::string& text, std::ptrdiff_t lines, const std::string& of) {
  EXPECT_EQ(std::ranges::count(text, '\n'), lines) << of;
  EXPECT_EQ(text::visible_lines(text), text) << of;
}

TEST_F(TerminalTest, no_text_makes_a_line_of_its_own_or_acts_on_the_terminal) {
  for (const std::string& text : foreign) {
    const auto says = [&](const auto& say, std::ptrdiff_t lines) {
      out_.str("");
      err_.str("");
      say();
      expect_harmless(out_.str() + err_.str(), lines, text::visible(text));
    };
    says([&] { plain_.say("filter", text); }, 1);
    says([&] { plain_.say("filter", {text, text}); }, 2);
    says([&] { plain_.begin("asking", text); }, 0);
    says([&] { plain_.done("asked", text); }, 1);
    says([&] { plain_.report({ExitCode::usage, text, "", ""}); }, 1);
    says([&] { plain_.print(std::vector<Line>{{'+', text, text}}); }, 3);
  }
}

TEST_F(TerminalTest, lines_of_somebody_else_are_told_from_ours) {
  plain_.quote("envoy", "a\nok        x-wasm-custom: FOO\nerror: \x1b[2J\n");
  EXPECT_EQ(out_.str(),
            "envoy | a\n"
            "envoy | ok        x-wasm-custom: FOO\n"
            "envoy | error: \\x1b[2J\n");
  plain_.report({ExitCode::refused, "no", "a\nnext: rm\n  next: rm\nerror: b", "help"});
  EXPECT_EQ(err_.str(),
            "error: no\n"
            "  a\n"
            "  | next: rm\n"
            "  |   next: rm\n"
            "  error: b\n"
            "  next: help\n");
}

TEST_F(TerminalTest, a_document_keeps_its_lines_and_acts_on_nothing) {
  plain_.print("a:\n\t- \x1b[2J\u202e\n");
  EXPECT_EQ(out_.str(), "a:\n\t- \\x1b[2J\\u202e\n");
}

TEST_F(TerminalTest, a_secret_is_hidden_in_all_that_is_said) {
  plain_.say("a", "authorization: Bearer hunter2");
  plain_.done("b", "http://u:hunter2@host/?sig=hunter2");
  plain_.quote("c", "x-api-key: hunter2");
  plain_.report({ExitCode::usage, "http://hunter2@host/", "cookie: hunter2", "curl http://u:hunter2@host/"});
  EXPECT_THAT(out_.str() + err_.str(), Not(HasSubstr("hunter2")));
}

TEST_F(TerminalTest, nothing_from_elsewhere_reaches_the_terminal_as_a_control_sequence) {
  plain_.say("filter", "\x1b[2J");
  plain_.report({ExitCode::usage, "\x1b[2J", "\x1b[2J", "\x1b[2J"});
  EXPECT_THAT(out_.str() + err_.str(), Not(HasSubstr("\x1b")));
}

TEST_F(TerminalTest, a_step_is_one_line_with_its_time_when_it_is_done) {
  plain_.begin("compiling", "x");
  EXPECT_EQ(out_.str(), "");
  plain_.done("compiled", "x.wasm  341 bytes");
  EXPECT_THAT(out_.str(), MatchesRegex("compiled  x\\.wasm  341 bytes  +[0-9]+\\.[0-9] s\n"));
  EXPECT_EQ(out_.str().size(), 73U);
}

TEST_F(TerminalTest, a_terminal_of_one_column_gets_its_lines_too) {
  Terminal narrow(out_, err_, {.live = false, .colour = false, .width = 1});
  narrow.done("compiled", "x");
  EXPECT_THAT(out_.str(), MatchesRegex("compiled  x +[0-9]+\\.[0-9] s\n"));
}

TEST_F(TerminalTest, on_a_live_terminal_a_step_shows_while_it_runs) {
  live_.begin("compiling", "x");
  EXPECT_THAT(out_.str(), HasSubstr("compiling x ..."));
  live_.done("compiled", "x");
  EXPECT_THAT(out_.str(), HasSubstr("\r\x1b[Kcompiled  x"));
}

TEST_F(TerminalTest, a_line_in_the_midst_of_a_step_does_not_run_into_it) {
  live_.begin("starting", "Envoy");
  live_.say("filter", "hello");
  EXPECT_EQ(out_.str(), "starting  Envoy ...\r\x1b[Kfilter    hello\nstarting  Envoy ...");
}

TEST_F(TerminalTest, an_error_in_the_midst_of_a_step_takes_its_place) {
  live_.begin("starting", "Envoy");
  live_.report({ExitCode::environment, "no", "", ""});
  EXPECT_EQ(out_.str(), "starting  Envoy ...\r\x1b[K");
}

TEST_F(TerminalTest, a_style_is_colour_only_where_there_is_colour) {
  live_.say("ok", "all of it", Style::good);
  EXPECT_EQ(out_.str(), "\x1b[32mok        all of it\x1b[0m\n");
  out_.str("");
  plain_.say("ok", "all of it", Style::good);
  EXPECT_EQ(out_.str(), "ok        all of it\n");
}

}  // namespace
}  // namespace wasmup::terminal
