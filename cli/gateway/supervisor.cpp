// SPDX-License-Identifier: MIT
#include "supervisor.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <stdlib.h>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "../http/client.hpp"
#include "../os/file_lock.hpp"
#include "../os/interrupt.hpp"
#include "../os/pause.hpp"
#include "../os/private_root.hpp"
#include "../text/file.hpp"
#include "configuration.hpp"
#include "controller_log.hpp"
#include "loopback.hpp"

namespace wasmup::gateway {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds step{25};
constexpr milliseconds first_delay{100};
constexpr milliseconds longest_delay{5000};
constexpr std::chrono::seconds a_moment{1};
constexpr std::chrono::seconds a_while{10};
constexpr std::chrono::seconds long_enough{60};  ///< for a controller to take its resources in
constexpr int most_failures = 8;
constexpr milliseconds grace{3000};
const std::string controller = "controller";

std::vector<std::string> split_at_zero(const std::string& text) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\0', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// The name of an Envoy's process.
std::string process_of(const std::string& proxy) { return std::string(proxy_prefix) + proxy; }

/// What a stand-in leaves: its own number, the controller's, and Envoy's arguments.
struct Left {
  int stand_in = 0;
  int controller = 0;
  std::vector<std::string> arguments;
};

int number_in(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Where an option of Envoy's stands that has a value behind it; the end when it does not.
auto find_option(std::vector<std::string>& arguments, std::string_view option) {
  const auto found = std::ranges::find(arguments, option);
  return found != arguments.end() && found + 1 != arguments.end() ? found : arguments.end();
}

std::optional<Left> read_left(const fs::path& file) {
  const auto text = text::read_file(file);
  if (!text) return std::nullopt;
  std::vector<std::string> parts = split_at_zero(*text);
  if (parts.size() < 3) return std::nullopt;
  Left left{number_in(parts[0]), number_in(parts[1]), {}};
  // Behind "--" stands what the controller's library would find its Envoy by.
  left.arguments.assign(parts.begin() + 2, std::ranges::find(parts, "--"));
  // Another file each time, to leave an address in that is another here.
  if (const auto admin = find_option(left.arguments, "--admin-address-path"); admin != left.arguments.end()) {
    left.arguments.erase(admin, admin + 2);
  }
  return left;
}

/// An Envoy with the same arguments is the same, and need not be started anew.
std::string basis_of(const std::vector<std::string>& arguments) {
  std::string basis;
  for (const std::string& argument : arguments) basis += argument + '\0';
  return basis;
}

std::string how(int status) {
  return status > 128 ? fmt::format("ended by signal {}", status - 128)
                      : fmt::format("ended with status {}", status);
}

/// Says so to who waits for the gateway.
std::unexpected<Error> cannot_start(const Layout& layout, const Error& error) {
  static_cast<void>(write(
      layout,
      Running{
          os::identify(::getpid()).value_or(os::ProcessId{}), false, error.what + ": " + error.seen, {}}));
  return std::unexpected(error);
}

}  // namespace

Supervisor::Supervisor(Layout layout, Settings settings, Means means)
    : layout_(std::move(layout)), settings_(std::move(settings)), means_(std::move(means)) {
  add("registry", in_home({settings_.registry, "serve", layout_.registry_configuration()}));
  add("upstream", in_home({settings_.envoy, "--config-path", layout_.upstream_configuration(),
                           "--disable-hot-restart", "--concurrency", "1", "--log-level", "warning"}));
  add(controller,
      in_home({settings_.controller, "server", "--config-path", layout_.controller_configuration()}));
}

/// The controller first, so that it does not start a stand-in while the Envoys end.
Supervisor::~Supervisor() {
  if (const auto found = children_.find(controller); found != children_.end()) children_.erase(found);
  for (auto& [name, child] : children_) {
    if (child.process) child.process->terminate(grace);
  }
}

os::Command Supervisor::in_home(std::vector<std::string> argv) const {
  const std::string home = layout_.home();
  os::Command command{.argv = std::move(argv),
                      .environment = {{"HOME", home}, {"TMPDIR", home}},
                      .directory = layout_.home()};
  for (const std::string& name : settings_.variables) {
    if (const char* const value = ::getenv(name.c_str())) command.environment.emplace_back(name, value);
  }
  return command;
}

void Supervisor::add(const std::string& name, os::Command command) {
  Child& child = children_[name];
  child.command = std::move(command);
  child.due = means_.now();
}

Expected<void> Supervisor::run() {
  while (!means_.interrupted() && failure_.empty()) {
    look_after_all();
    look_after_proxies();
    publish_when_ready();
    write_down();
    means_.pause(step);
  }
  write_down();
  if (failure_.empty()) return {};
  return std::unexpected(Error{ExitCode::environment, failure_, "", ""});
}

void Supervisor::look_after_all() {
  for (auto& [name, child] : children_) look_after(name, child);
}

void Supervisor::look_after(const std::string& name, Child& child) {
  if (child.process) {
    const std::optional<int> status = child.process->wait(milliseconds(0));
    if (status) note_end(name, child, how(*status));
  } else if (means_.now() >= child.due) {
    start(name, child);
  }
}

void Supervisor::start(const std::string& name, Child& child) {
  const bool is_controller = name == controller;
  if (is_controller) {
    // It is given its resources when it can do with them: a controller that has not opened its cache of
    // modules yet would refuse every policy, and have Envoy answer 500.
    std::error_code ignored;
    fs::remove(layout_.published(), ignored);
    published_ = false;
  }
  if (!child.log) {
    const fs::path file = layout_.log(name.starts_with(proxy_prefix) ? "envoy" : name);
    child.log = std::make_shared<std::ofstream>(file, std::ios::app);
  }
  if (is_controller) *child.log << ControllerLog::start_line << '\n' << std::flush;
  child.begun = means_.now();
  ++child.starts;
  changed_ = true;
  auto process = means_.processes.start(child.command, [log = child.log](std::string_view line) {
    *log << line << '\n' << std::flush;
  });
  if (process) {
    child.process = *std::move(process);
  } else {
    note_end(name, child, process.error().what + ": " + process.error().seen);
  }
}

void Supervisor::note_end(const std::string& name, Child& child, const std::string& how) {
  child.process.reset();
  child.last_end = how;
  // A controller that has had its resources for a moment is well: what it ends over then may be taken back.
  const bool was_well = name == controller ? published_ && means_.now() - published_at_ >= a_moment
                                           : means_.now() - child.begun >= a_while;
  child.failures = was_well ? 1 : child.failures + 1;
  child.due = means_.now() + std::min(longest_delay, first_delay * (1 << (child.failures - 1)));
  changed_ = true;
  if (child.failures >= most_failures) {
    failure_ = fmt::format("the {} {} again and again", name, how);
  }
}

/// An Envoy for each file that a stand-in has left, with the arguments in it.
void Supervisor::look_after_proxies() {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(layout_.proxies(), error)) {
    const std::string name = entry.path().filename();
    if (name.starts_with('.')) continue;
    const std::optional<Left> left = read_left(entry.path());
    if (!left) continue;
    Proxy& proxy = proxies_[name];
    if (proxy.stand_in.number != left->stand_in) {
      proxy.stand_in = os::identify(left->stand_in).value_or(os::ProcessId{left->stand_in, 0});
      proxy.controller = left->controller;
    }
    if (!is_wanted(proxy)) {
      fs::remove(entry.path(), error);
      children_.erase(process_of(name));
      proxies_.erase(name);
      changed_ = true;
      continue;
    }
    std::string basis = basis_of(left->arguments);
    if (proxy.basis == basis) continue;
    auto command = proxy_command(name, left->arguments);
    if (!command) {
      failure_ = command.error().what + ": " + command.error().seen;
      return;
    }
    proxy.basis = std::move(basis);
    children_.erase(process_of(name));
    add(process_of(name), *std::move(command));
  }
}

/// As the controller wants it, but for the admin: it would listen on a port, where everybody on this machine
/// can end Envoy and look into it. Of two configurations, Envoy merges the second into the first.
Expected<os::Command> Supervisor::proxy_command(const std::string& name,
                                                std::vector<std::string> arguments) const {
  const auto option = find_option(arguments, "--config-yaml");
  if (option == arguments.end()) {
    return std::unexpected(Error{ExitCode::environment, "Envoy Gateway starts Envoy in an unknown way",
                                 "without --config-yaml", ""});
  }
  const fs::path bootstrap = layout_.bootstrap(name);
  if (const auto written = text::write_file(bootstrap, *(option + 1)); !written) {
    return std::unexpected(written.error());
  }
  // By its name in Envoy's own folder: a socket's whole path may be too long.
  const Json pipe{{"path", layout_.admin(name).filename().string()}, {"mode", 0600}};
  *(option + 1) = Json{{"admin", {{"address", {{"pipe", pipe}}}}}}.dump();
  arguments.insert(option, {"--config-path", bootstrap});
  arguments.insert(arguments.begin(), settings_.envoy);
  return in_home(std::move(arguments));
}

/// A controller ends the stand-in of an Envoy that it does not want any more. When it ends itself, so do its
/// stand-ins, a moment before, but not the Envoys: the next controller has a while to want them again.
bool Supervisor::is_wanted(Proxy& proxy) const {
  if (os::lives(proxy.stand_in)) {
    proxy.alone_since.reset();
    return true;
  }
  if (!proxy.alone_since) proxy.alone_since = means_.now();
  const Child& child = children_.at(controller);
  if (!child.process || !published_) return true;
  const bool is_its = child.process->pid() == proxy.controller;
  return is_its ? means_.now() - *proxy.alone_since < a_moment : means_.now() - published_at_ < long_enough;
}

void Supervisor::publish_when_ready() {
  if (published_ || !children_.at(controller).process || !means_.controller_is_ready()) return;
  const auto text = text::read_file(layout_.resources());
  // Never half of it, and nothing but it.
  const fs::path unfinished = layout_.folder() / "resources.published";
  if (!text || !text::write_file(unfinished, *text)) return;
  std::error_code error;
  fs::rename(unfinished, layout_.published(), error);
  published_ = !error;
  published_at_ = means_.now();
  changed_ = true;
}

void Supervisor::write_down() {
  if (!std::exchange(changed_, false)) return;
  Running running{os::identify(::getpid()).value_or(os::ProcessId{}), published_, failure_, {}};
  for (const auto& [name, child] : children_) {
    const int number = child.process ? child.process->pid() : 0;
    running.processes.push_back(
        {name, os::identify(number).value_or(os::ProcessId{}), child.starts, child.last_end});
  }
  static_cast<void>(write(layout_, running));
}

Expected<void> supervise(const Layout& layout, os::Processes& processes) {
  const auto lock = os::FileLock::try_take(layout.lock());
  if (!lock) {
    return std::unexpected(Error{ExitCode::environment, "another supervisor runs this gateway",
                                 layout.folder().string(), "wasmup gateway status"});
  }
  const std::optional<Settings> settings = read_settings(layout);
  if (!settings) {
    return std::unexpected(Error{ExitCode::usage, "there is no gateway in " + layout.folder().string(),
                                 "it has no settings", "wasmup gateway up"});
  }
  const auto entered = os::enter_private_root(
      {.placed = {{"/certs", layout.certificates("envoy")}, {"/etc/hosts", layout.hosts()}},
       .writable = {layout.folder()},
       .mount_point = layout.root()});
  if (!entered) return cannot_start(layout, entered.error());
  const auto loopback = bind_to_loopback_only();
  if (!loopback) return cannot_start(layout, loopback.error());
  const auto answers = [](uint16_t port, const char* path) {
    const auto response = http::send(
        {.url = fmt::format("http://127.0.0.1:{}{}", port, path), .limit = std::chrono::seconds(1)});
    return response.has_value();
  };
  Supervisor supervisor(
      layout, *settings,
      {.processes = processes,
       .interrupted = os::Interrupt::requested,
       .pause = os::pause,
       .now = std::chrono::steady_clock::now,
       // The server of modules speaks TLS: to plain HTTP it says so, which is an answer.
       .controller_is_ready = [&] { return answers(health_port, "/readyz") && answers(modules_port, "/"); }});
  return supervisor.run();
}

}  // namespace wasmup::gateway
