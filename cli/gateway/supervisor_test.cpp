// SPDX-License-Identifier: MIT
#include "supervisor.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <set>
#include <stdlib.h>
#include <unistd.h>

#include "../os/fake_processes.hpp"
#include "../testing/folder_test.hpp"
#include "../text/file.hpp"

namespace wasmup::gateway {
namespace {

using std::chrono::milliseconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

/// A supervisor of programs that do not run, in a time that passes when it waits.
class SupervisorTest : public FolderTest {
 protected:
  SupervisorTest() {
    for (const char* program : {"/controller", "/envoy", "/registry"}) {
      processes_.script(program, {{.keeps_running = true}});
    }
    for (const auto& folder : {layout_.watched(), layout_.proxies(), layout_.log("").parent_path()}) {
      std::filesystem::create_directories(folder);
    }
    write("resources.yaml", "resources");
  }

  /// Until it has looked that often; `each` is done before the look with its number.
  Expected<void> run(int looks, std::function<void(int)> each = {}) {
    int look = 0;
    Supervisor supervisor(layout_, {"/controller", "/envoy", "1.40.0", "/registry", 1, 2, variables_},
                          {.processes = processes_,
                           .interrupted =
                               [&] {
                                 if (each) each(look);
                                 return look++ >= looks;
                               },
                           .pause = [&](milliseconds time) { now_ += time; },
                           .now = [&] { return now_; },
                           .controller_is_ready = [&] { return controller_is_ready_; }});
    return supervisor.run();
  }

  /// What was started, by the program's name and the word behind.
  std::vector<std::string> started() const {
    std::vector<std::string> all;
    all.reserve(processes_.commands.size());
    for (const os::Command& command : processes_.commands)
      all.push_back(command.argv[0] + " " + command.argv[1]);
    return all;
  }

  /// What a stand-in leaves, which is us while it lives; the controller is the fake child.
  void leave(const std::string& name, const std::string& concurrency, const std::string& run,
             bool lives = true, int controller = 4711) {
    std::string text;
    for (const std::string& argument :
         {std::to_string(lives ? ::getpid() : 0), std::to_string(controller), std::string("--service-node"),
          name, std::string("--config-yaml"), std::string("admin: {address: tcp}"),
          std::string("--concurrency"), concurrency, std::string("--admin-address-path"), run,
          std::string("--"), run}) {
      text += argument + '\0';
    }
    write("proxies/" + name, text);
  }

  Layout layout_{folder_};
  os::FakeProcesses processes_;
  Supervisor::Clock::time_point now_{};
  bool controller_is_ready_ = true;
  std::vector<std::string> variables_;
};

TEST_F(SupervisorTest, starts_each_process_once_and_writes_down_what_runs) {
  ASSERT_TRUE(run(3));
  EXPECT_THAT(started(), ElementsAre("/controller server", "/registry serve", "/envoy --config-path"));
  const auto running = read_running(layout_);
  ASSERT_TRUE(running);
  EXPECT_TRUE(running->ready);
  EXPECT_THAT(running->processes, SizeIs(3));
}

TEST_F(SupervisorTest, the_controller_gets_its_resources_when_it_is_ready_and_not_before) {
  controller_is_ready_ = false;
  ASSERT_TRUE(run(5, [&](int look) {
    EXPECT_EQ(std::filesystem::exists(layout_.published()), look > 3) << look;
    if (look == 3) controller_is_ready_ = true;
  }));
}

TEST_F(SupervisorTest,
       an_envoy_runs_with_the_arguments_that_a_stand_in_leaves_until_the_controller_ends_that) {
  ASSERT_TRUE(run(100, [&](int look) {
    if (look == 2) leave("eg-1", "2", "/run/1");
    if (look == 4) leave("eg-1", "2", "/run/2");  // again, in another run of the controller
    if (look == 6) leave("eg-1", "2", "/run/2", false);
  }));
  ASSERT_EQ(processes_.commands.size(), 4U);
  EXPECT_THAT(processes_.commands.back().argv,
              ElementsAre("/envoy", "--service-node", "eg-1", "--config-path", layout_.bootstrap("eg-1"),
                          "--config-yaml", HasSubstr("eg-1.admin"), "--concurrency", "2"));
  EXPECT_THAT(read_running(layout_)->processes, SizeIs(3));
}

TEST_F(SupervisorTest,
       the_envoy_of_a_controller_that_has_gone_runs_on_until_the_next_one_has_had_time_to_want_it) {
  ASSERT_TRUE(run(8, [&](int look) { leave("eg-1", "2", "/run/1", look < 4, 1); }));
  EXPECT_THAT(read_running(layout_)->processes, SizeIs(4));
  ASSERT_TRUE(run(4000, [&](int look) {
    if (look < 2) leave("eg-1", "2", "/run/1", false, 1);
  }));
  EXPECT_THAT(read_running(layout_)->processes, SizeIs(3));
}

TEST_F(SupervisorTest, an_envoy_is_administered_by_a_socket_of_its_own_whatever_the_controller_wants) {
  ASSERT_TRUE(run(4, [&](int) {
    leave("eg-1", "2", "/run/1");
    leave("eg-2", "2", "/run/2");
  }));
  EXPECT_EQ(text::read_file(layout_.bootstrap("eg-1")), "admin: {address: tcp}");
  std::set<std::string> sockets;
  for (const os::Command& command : processes_.commands) {
    const auto yaml = std::ranges::find(command.argv, "--config-yaml");
    if (yaml == command.argv.end()) continue;
    const Json admin = Json::parse(*(yaml + 1))["admin"]["address"]["pipe"];
    EXPECT_EQ(admin["mode"], 0600);
    sockets.insert((command.directory / admin["path"].get<std::string>()).string());
  }
  EXPECT_EQ(sockets, (std::set<std::string>{layout_.admin("eg-1"), layout_.admin("eg-2")}));
}

TEST_F(SupervisorTest, every_process_gets_the_variables_that_are_named_and_no_others) {
  ::setenv("WASMUP_TEST_NAMED", "value", 1);
  ::setenv("WASMUP_TEST_OTHER", "secret", 1);
  variables_ = {"WASMUP_TEST_NAMED", "WASMUP_TEST_NOT_SET"};
  ASSERT_TRUE(run(4, [&](int) { leave("eg-1", "2", "/run/1"); }));
  ASSERT_EQ(processes_.commands.size(), 4U);
  for (const os::Command& command : processes_.commands) {
    EXPECT_EQ(command.inherits, os::Inherits::basics);
    EXPECT_THAT(command.environment, ElementsAre(Pair("HOME", testing::_), Pair("TMPDIR", testing::_),
                                                 Pair("WASMUP_TEST_NAMED", "value")));
  }
  ::unsetenv("WASMUP_TEST_NAMED");
  ::unsetenv("WASMUP_TEST_OTHER");
}

TEST_F(SupervisorTest, an_envoy_with_other_arguments_takes_its_place) {
  ASSERT_TRUE(run(8, [&](int look) { leave("eg-1", look < 4 ? "2" : "4", "/run/1"); }));
  ASSERT_EQ(processes_.commands.size(), 5U);
  EXPECT_THAT(processes_.commands.back().argv, Contains("4"));
}

TEST_F(SupervisorTest, a_process_that_ends_is_started_again_a_little_later) {
  processes_.script("/registry", {{.status = 3}, {.keeps_running = true}});
  ASSERT_TRUE(run(20));
  const auto running = read_running(layout_);
  ASSERT_EQ(running->processes.at(1).name, "registry");
  EXPECT_EQ(running->processes.at(1).starts, 2);
  EXPECT_EQ(running->processes.at(1).last_end, "ended with status 3");
}

TEST_F(SupervisorTest, one_that_ends_again_and_again_is_the_end_of_it) {
  processes_.script("/registry", {{.status = 128 + 9}});
  const auto ended = run(100000);
  ASSERT_FALSE(ended);
  EXPECT_THAT(ended.error().what, HasSubstr("the registry ended by signal 9 again and again"));
  EXPECT_EQ(read_running(layout_)->failure, ended.error().what);
}

TEST_F(SupervisorTest, a_controller_that_was_well_before_each_end_is_started_again_for_ever) {
  processes_.script("/controller", {{.status = 2, .waits = 100}});
  ASSERT_TRUE(run(4000));
  EXPECT_GT(read_running(layout_)->processes.at(0).starts, 10);
}

TEST_F(SupervisorTest, a_controller_that_ends_over_its_resources_each_time_is_the_end_of_it) {
  processes_.script("/controller", {{.status = 2}});
  const auto ended = run(100000);
  ASSERT_FALSE(ended);
  EXPECT_THAT(ended.error().what, HasSubstr("the controller ended with status 2 again and again"));
}

TEST_F(SupervisorTest, a_controller_that_is_started_again_waits_for_its_resources_too) {
  processes_.script("/controller", {{.status = 1}, {.keeps_running = true}});
  controller_is_ready_ = false;
  ASSERT_TRUE(run(20, [&](int) { EXPECT_FALSE(std::filesystem::exists(layout_.published())); }));
}

}  // namespace
}  // namespace wasmup::gateway
