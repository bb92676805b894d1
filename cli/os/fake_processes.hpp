// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "processes.hpp"

namespace wasmup::os {

/// How a program that does not run behaves.
struct FakeAnswer {
  int status = 0;
  std::string output = {};
  bool timed_out = false;
  bool keeps_running = false;                       ///< a server: ends when terminated (start() only)
  int waits = 0;                                    ///< so many waits find it running (start() only)
  std::function<void(const Command&)> effect = {};  ///< what it does besides, such as writing a file
};

/// Programs that do not run: every command is recorded, and answered as the test has scripted it.
class FakeProcesses : public Processes {
 public:
  using Answer = FakeAnswer;

  /// `program` exists from now on, as find() shows: a name is in /fake/bin, a path is where it says.
  /// Its runs get the answers in turn, and the last one for ever after.
  void script(const std::string& program, std::vector<Answer> answers = {Answer{}}) {
    scripts_[program] = Script{.answers = std::move(answers)};
  }

  /// The same, for a program whose answer depends on what it is asked.
  void play(const std::string& program, std::function<Answer(const Command&)> player) {
    scripts_[program] = Script{.player = std::move(player)};
  }

  std::vector<Command> commands;  ///< all that was run, in order

  Expected<std::unique_ptr<Child>> start(const Command& command, LineSink sink) override {
    Expected<Answer> answer = next_answer(command);
    if (!answer) return std::unexpected(answer.error());
    give_lines(answer->output, sink);
    return std::make_unique<FakeChild>(*answer);
  }

  Expected<Finished> run(const Command& command, std::chrono::milliseconds, LineSink sink = {}) override {
    Expected<Answer> answer = next_answer(command);
    if (!answer) return std::unexpected(answer.error());
    give_lines(answer->output, sink);
    return Finished{answer->status, sink ? std::string() : answer->output, answer->timed_out};
  }

  Expected<int> run_in_terminal(const Command& command) override {
    Expected<Answer> answer = next_answer(command);
    if (!answer) return std::unexpected(answer.error());
    return answer->status;
  }

  Expected<int> start_detached(const Command& command, const std::filesystem::path&) override {
    Expected<Answer> answer = next_answer(command);
    if (!answer) return std::unexpected(answer.error());
    return 4711;
  }

  std::optional<std::filesystem::path> find(std::string_view program) const override {
    if (!scripts_.contains(std::string(program))) return std::nullopt;
    return program.contains('/') ? std::string(program) : std::string(folder) + std::string(program);
  }

 private:
  static constexpr std::string_view folder = "/fake/bin/";

  struct Script {
    std::vector<Answer> answers = {};
    size_t next = 0;
    std::function<Answer(const Command&)> player = {};
  };

  class FakeChild : public Child {
   public:
    explicit FakeChild(const Answer& answer) {
      if (!answer.keeps_running) status_ = answer.status;
      waits_ = answer.waits;
    }
    int pid() const override { return 4711; }
    std::optional<int> ended() override { return status_; }
    std::optional<int> wait(std::chrono::milliseconds) override {
      return waits_-- > 0 ? std::nullopt : status_;
    }
    void terminate(std::chrono::milliseconds) override { status_ = status_.value_or(128 + 15); }

   private:
    std::optional<int> status_;
    int waits_ = 0;
  };

  Expected<Answer> next_answer(const Command& command) {
    commands.push_back(command);
    std::string program = command.argv.at(0);
    if (program.starts_with(folder)) program.erase(0, folder.size());
    const auto found = scripts_.find(program);
    if (found != scripts_.end() && found->second.player) return found->second.player(command);
    if (found == scripts_.end() || found->second.answers.empty()) {
      return std::unexpected(
          Error{ExitCode::environment, "cannot run " + program, "there is no such program", ""});
    }
    Script& script = found->second;
    Answer answer = script.answers[std::min(script.next++, script.answers.size() - 1)];
    if (answer.effect) answer.effect(command);
    return answer;
  }

  static void give_lines(std::string_view text, const LineSink& sink) {
    if (!sink) return;
    while (!text.empty()) {
      const size_t end = text.find('\n');
      sink(text.substr(0, end));
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
  }

  std::map<std::string, Script> scripts_;
};

}  // namespace wasmup::os
