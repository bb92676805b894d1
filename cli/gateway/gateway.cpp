// SPDX-License-Identifier: MIT
#include "gateway.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <signal.h>
#include <system_error>

#include "../os/file_lock.hpp"
#include "../text/file.hpp"
#include "configuration.hpp"
#include "login.hpp"
#include "trust.hpp"

namespace wasmup::gateway {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds step{25};

std::unexpected<Error> interrupted(std::string what) {
  return std::unexpected(Error{ExitCode::interrupted, std::move(what), "interrupted", ""});
}

/// Waits until `done`, at most `limit`; false when the time is up or Ctrl-C was pressed.
template <class Done>
bool wait_until(Done done, milliseconds limit, const Means& means) {
  const auto deadline = means.now() + limit;
  while (!done()) {
    if (means.now() >= deadline || means.interrupted()) return false;
    means.pause(step);
  }
  return true;
}

/// The last lines of a log.
std::string end_of(const fs::path& log, size_t lines = 8) {
  const std::string text = text::read_file(log).value_or("");
  size_t begin = text.size();
  for (size_t i = 0; i <= lines && begin != std::string::npos && begin > 0; ++i)
    begin = text.rfind('\n', begin - 1);
  return begin == std::string::npos || begin == 0 ? text : text.substr(begin + 1);
}

Expected<void> make_folders(const Layout& layout) {
  std::error_code error;
  // Keys are in there, and what pull secrets have.
  fs::create_directories(layout.folder(), error);
  if (!error) fs::permissions(layout.folder(), fs::perms::owner_all, error);
  for (const fs::path& folder :
       {layout.folder(), layout.watched(), layout.root(), layout.home(), layout.proxies(),
        layout.registry_data(), layout.log("").parent_path(), layout.controller_folder("config")}) {
    if (!error) fs::create_directories(folder, error);
    if (error) {
      return std::unexpected(
          Error{ExitCode::environment, "cannot make " + folder.string(), error.message(), ""});
    }
  }
  return {};
}

Expected<void> make_certificates(const Layout& layout, const Settings& settings, const Means& means) {
  const auto made = means.processes.run(
      {{settings.controller, "certgen", "--local", "--config-home", layout.controller_folder("config")},
       {{"HOME", layout.home()}}},
      std::chrono::minutes(1));
  if (!made) return std::unexpected(made.error());
  if (made->status == 0) return {};
  return std::unexpected(Error{ExitCode::environment, "Envoy Gateway could not make its certificates",
                               made->output, "wasmup gateway setup"});
}

/// The machine's, and the name by which Envoy is told to ask for modules.
Expected<void> write_hosts(const Layout& layout) {
  return text::write_file(
      layout.hosts(), text::read_file("/etc/hosts").value_or("127.0.0.1 localhost\n") +
                          "\n127.0.0.1 envoy-gateway.envoy-gateway-system.svc.cluster.local envoy-gateway\n");
}

std::unexpected<Error> does_not_run(const Layout& layout) {
  return std::unexpected(
      Error{ExitCode::environment, "no gateway runs", layout.folder().string(), "wasmup gateway up"});
}

Expected<System> read_system(const Layout& layout) {
  const std::optional<Settings> settings = read_settings(layout);
  if (!settings) return does_not_run(layout);
  System system{.envoy_version = settings->envoy_version,
                .upstream_port = settings->upstream_port,
                .registry_port = settings->registry_port};
  const fs::path certificates = layout.certificates("envoy");
  for (const auto& [text, file] : {std::pair{&system.certificate, certificates / "tls.crt"},
                                   {&system.key, certificates / "tls.key"},
                                   {&system.authority, certificates / "ca.crt"},
                                   {&system.registry_login, layout.registry_login()}}) {
    auto read = text::read_file(file);
    if (!read) return std::unexpected(read.error());
    *text = *std::move(read);
  }
  return system;
}

Expected<void> pick_ports(Objects& objects, const Means& means) {
  const std::vector<std::string> missing = missing_ports(objects);
  if (missing.empty()) return {};
  const auto ports = means.network.free_ports(static_cast<int>(missing.size()));
  if (!ports) return std::unexpected(ports.error());
  for (size_t i = 0; i < missing.size(); ++i) objects.ports[missing[i]] = (*ports)[i];
  return {};
}

Expected<void> check_fixed_ports(const Means& means) {
  for (const uint16_t port : {discovery_port, modules_port, health_port}) {
    const auto free = means.network.check_free(port);
    if (free) continue;
    Error error = free.error();
    error.what = fmt::format("Envoy Gateway's port {} is taken", port);
    error.next =
        "it has no setting for that port: end the other program (another gateway? wasmup gateway down)";
    return std::unexpected(error);
  }
  return {};
}

bool answers(uint16_t port, const char* path, int status, const Means& means) {
  const auto response =
      means.send({.url = fmt::format("http://127.0.0.1:{}{}", port, path), .limit = std::chrono::seconds(2)});
  return response && response->status == status;
}

Expected<void> wait_until_ready(const Layout& layout, const Means& means, milliseconds limit) {
  const Settings settings = read_settings(layout).value_or(Settings{});
  std::string failure;
  constexpr int ok = 200;
  constexpr int asks_for_a_login = 401;
  const auto ready = [&] {
    const auto running = read_running(layout);
    if (!running) return false;
    failure = running->failure;
    if (failure.empty() && !os::lives(running->supervisor)) failure = "its supervisor has ended";
    return !failure.empty() ||
           (running->ready && answers(settings.registry_port, "/v2/", asks_for_a_login, means) &&
            answers(settings.upstream_port, "/", ok, means) &&
            read_controller_log(layout).translations() > 0);
  };
  const bool in_time = wait_until(ready, limit, means);
  if (in_time && failure.empty()) return {};
  if (means.interrupted()) return interrupted("the gateway was not started");
  std::string seen =
      failure.empty() ? fmt::format("it was not ready within {} s", limit.count() / 1000) : failure;
  for (const char* log : {"supervisor", "controller", "registry", "upstream"}) {
    if (const std::string end = end_of(layout.log(log), 3); !end.empty())
      seen += fmt::format("\n{}: {}", log, end);
  }
  return std::unexpected(Error{ExitCode::environment, "the gateway did not start", seen, ""});
}

/// Gives the controller its resources: those that are there from now on, and for the next one, too.
Expected<void> publish(const Layout& layout, const std::string& resources) {
  if (const auto written = text::write_file(layout.resources(), resources); !written) return written;
  const fs::path unfinished = layout.folder() / "resources.change";
  if (const auto written = text::write_file(unfinished, resources); !written) return written;
  std::error_code error;
  fs::rename(unfinished, layout.published(), error);
  return {};
}

/// How the controller ended, as the supervisor saw it.
std::string end_of_controller(const Running& running) {
  const auto found = std::ranges::find(running.processes, "controller", &ProcessState::name);
  return "the controller " + (found == running.processes.end() ? "ended" : found->last_end);
}

/// Waits until the controller has taken in what it was given after it had written `before`. When it has not,
/// because it cannot read it, or breaks off, or ends over it, the error (refused) has its own words.
///
/// The controller reads what it is given, works out what follows, and says both; but of objects that change
/// nothing for Envoy it only says that it has read them.
Expected<void> wait_until_taken_in(const Layout& layout, const ControllerLog& before, const Means& means,
                                   milliseconds limit) {
  std::string refusal;
  bool gone = false;
  std::optional<std::chrono::steady_clock::time_point> idle_since;
  const auto taken_in = [&] {
    const std::optional<Running> running = find_running(layout);
    gone = !running;
    if (gone) return true;
    const ControllerLog now = read_controller_log(layout);
    const bool is_new = now.starts() != before.starts();
    if (now.panics() > before.panics()) refusal = now.panic();
    // One that ended without a word may have been ended by somebody else: the next one shows.
    if (refusal.empty() && now.starts() > before.starts() + 1) refusal = end_of_controller(*running);
    if (!refusal.empty()) return true;
    // A new one has read an empty folder first: it is given its resources when it is ready.
    const bool has_read = is_new ? running->ready && now.reloads() > 1 : now.reloads() > before.reloads();
    if (!has_read || now.busy()) {
      idle_since.reset();
      return false;
    }
    if (!idle_since) idle_since = means.now();
    const bool translated = now.translations() > (is_new ? 0 : before.translations());
    // Another of its threads writes an object's conditions, a moment later.
    constexpr milliseconds moment{150};
    constexpr milliseconds patience{1000};
    const bool over =
        means.now() - *idle_since >= (translated || !now.reload_error().empty() ? moment : patience);
    if (over) refusal = now.reload_error();
    return over;
  };
  const bool in_time = wait_until(taken_in, limit, means);
  if (gone) return does_not_run(layout);
  if (!in_time && means.interrupted()) return interrupted("the controller has not taken it in yet");
  if (!in_time) refusal = fmt::format("it said nothing within {} s", limit.count() / 1000);
  if (refusal.empty()) return {};
  return std::unexpected(Error{ExitCode::refused, "Envoy Gateway did not take this", refusal, ""});
}

/// Until a controller has taken the old resources in: the one that is there may end over the new ones first.
/// Ctrl-C does not keep us from it.
bool put_back(const Layout& layout, const std::string& resources, const Means& given) {
  Means means = given;
  means.interrupted = [] { return false; };
  const auto deadline = means.now() + std::chrono::seconds(60);
  while (means.now() < deadline) {
    const ControllerLog log = read_controller_log(layout);
    if (!publish(layout, resources)) return false;
    if (wait_until_taken_in(layout, log, means, std::chrono::seconds(30))) return true;
    if (!find_running(layout)) return false;
  }
  return false;
}

/// Of those that the supervisor had: it may have been killed.
bool any_lives(const Running& running) {
  return os::lives(running.supervisor) ||
         std::ranges::any_of(running.processes, [](const ProcessState& one) { return os::lives(one.id); });
}

}  // namespace

Expected<void> prepare(const Layout& layout, Settings settings, Objects objects, const Means& means) {
  if (const auto free = check_fixed_ports(means); !free) return free;
  const std::vector<std::string> listening = missing_ports(objects);
  const auto ports = means.network.free_ports(static_cast<int>(2 + listening.size()));
  if (!ports) return std::unexpected(ports.error());
  size_t next = 0;
  for (uint16_t* port : {&settings.registry_port, &settings.upstream_port}) {
    if (*port == 0) *port = (*ports)[next++];
  }
  for (const std::string& listener : listening) objects.ports[listener] = (*ports)[next++];
  if (const auto made = make_folders(layout); !made) return made;
  if (const auto made = make_certificates(layout, settings, means); !made) return made;
  if (const auto written = write_hosts(layout); !written) return written;
  if (const auto written = write_login(layout, settings.registry_port); !written) return written;
  if (const auto written = write_configurations(layout, settings); !written) return written;
  if (const auto written = write(layout, objects); !written) return written;
  if (const auto written = write(layout, settings); !written) return written;
  const auto system = read_system(layout);
  if (!system) return std::unexpected(system.error());
  return text::write_file(layout.resources(), to_resources(objects, *system).text);
}

Expected<void> launch(const Layout& layout, const fs::path& program, const Variables& variables,
                      const Means& means) {
  const auto supervisor = means.processes.start_detached(
      {.argv = {program, "gateway", "supervise", layout.folder()}, .environment = variables},
      layout.log("supervisor"));
  if (!supervisor) return std::unexpected(supervisor.error());
  return {};
}

Expected<void> await_start(const Layout& layout, const Means& means, milliseconds limit) {
  auto ready = wait_until_ready(layout, means, limit);
  if (!ready) {
    if (const auto stopped = stop(layout, means); !stopped) ready.error().seen += "\n" + stopped.error().what;
  }
  return ready;
}

Expected<void> stop(const Layout& layout, const Means& given) {
  constexpr std::chrono::seconds patience{20};
  // Ctrl-C is often why it is stopped, and no reason to leave something behind.
  Means means = given;
  means.interrupted = [] { return false; };
  const std::optional<Running> running = read_running(layout);
  if (running) {
    os::send_signal(running->supervisor, SIGTERM);
    const auto ended = [&] { return !os::lives(running->supervisor); };
    if (!wait_until(ended, patience, means)) os::send_signal(running->supervisor, SIGKILL);
    // What it could not end itself has got SIGTERM from the system, and gets a moment to heed it.
    const auto all_ended = [&] { return !any_lives(*running); };
    if (!wait_until(all_ended, std::chrono::seconds(5), means)) {
      for (const ProcessState& one : running->processes) os::send_signal(one.id, SIGKILL, true);
      wait_until(all_ended, patience, means);
    }
    if (any_lives(*running)) {
      return std::unexpected(
          Error{ExitCode::environment, "a process of the gateway does not end", "", "wasmup gateway status"});
    }
  }
  std::error_code error;
  fs::remove_all(layout.folder(), error);
  if (!error) return {};
  return std::unexpected(
      Error{ExitCode::environment, "cannot remove " + layout.folder().string(), error.message(), ""});
}

ControllerLog read_controller_log(const Layout& layout) {
  ControllerLog log;
  std::ifstream file(layout.log("controller"), std::ios::binary);
  for (std::string line; std::getline(file, line);) log.add(line);
  return log;
}

Expected<Changed> change(const Layout& layout, const Change& wanted, const Means& means, milliseconds limit) {
  std::optional<os::FileLock> lock;
  const bool locked = wait_until(
      [&] {
        return !find_running(layout) || (lock = os::FileLock::try_take(layout.objects_lock())).has_value();
      },
      limit, means);
  if (!find_running(layout)) return does_not_run(layout);
  if (means.interrupted()) return interrupted("nothing was changed");
  if (!locked) {
    return std::unexpected(Error{ExitCode::environment, "another command changes the gateway's objects",
                                 fmt::format("it has not ended within {} s", limit.count() / 1000),
                                 "wait for it, then do this again"});
  }
  const std::optional<Objects> before = read_objects(layout);
  if (!before) return does_not_run(layout);
  const auto system = read_system(layout);
  if (!system) return std::unexpected(system.error());
  if (const auto bounded = wanted.trusted ? Expected<void>() : check_bounded(wanted.apply); !bounded) {
    return std::unexpected(bounded.error());
  }
  Changed changed;
  Objects after = *before;
  changed.missing = remove(wanted.remove, wanted.default_namespace, after);
  for (const Json& object : before->objects) {
    const auto same = [&](const Json& one) { return key_of(one) == key_of(object); };
    if (std::ranges::none_of(after.objects, same)) changed.removed.push_back(key_of(object));
  }
  Objects given;
  merge(wanted.apply, wanted.default_namespace, given);
  for (const Json& object : given.objects) changed.applied.push_back(key_of(object));
  merge(given.objects, wanted.default_namespace, after);
  for (const auto& [service, place] : wanted.backends) after.backends[service] = place;
  for (const auto& [listener, port] : wanted.ports) after.ports[listener] = port;
  if (const auto picked = pick_ports(after, means); !picked) return std::unexpected(picked.error());
  Resources resources = to_resources(after, *system);
  std::ranges::copy_if(resources.notes, std::back_inserter(changed.notes), [&](const Resources::Note& note) {
    return std::ranges::find(changed.applied, note.about) != changed.applied.end();
  });

  const std::string old = text::read_file(layout.resources()).value_or("");
  if (const auto written = write(layout, after); !written) return std::unexpected(written.error());
  if (old == resources.text) return changed;
  const ControllerLog log = read_controller_log(layout);
  if (const auto published = publish(layout, resources.text); !published) {
    return std::unexpected(published.error());
  }
  auto taken_in = wait_until_taken_in(layout, log, means, limit);
  if (taken_in) return changed;
  if (taken_in.error().code != ExitCode::refused) return std::unexpected(taken_in.error());
  const bool is_back = write(layout, *before).has_value() && put_back(layout, old, means);
  taken_in.error().what = is_back ? "Envoy Gateway did not take this; all is as it was before"
                                  : "Envoy Gateway did not take this, and has not taken back what was before";
  taken_in.error().next = is_back ? "correct the file; or look at wasmup gateway logs controller"
                                  : "wasmup gateway logs controller; wasmup gateway down ends it";
  return std::unexpected(taken_in.error());
}

std::vector<Listener> listeners(const Objects& objects) {
  std::vector<Listener> all;
  for (const Json& object : objects.objects) {
    if (object.at("kind") != "Gateway") continue;
    const std::string gateway = key_of(object).substr(8);  // without "Gateway "
    const Json::json_pointer place("/spec/listeners");
    if (!object.contains(place) || !object[place].is_array()) continue;
    for (const Json& listener : object[place]) {
      const int wanted = listener.is_object() ? listener.value("port", 0) : 0;
      const auto found = objects.ports.find(fmt::format("{}/{}", gateway, wanted));
      if (found == objects.ports.end()) continue;
      all.push_back({gateway, listener.value("name", std::string()),
                     listener.value("protocol", std::string("HTTP")), wanted, found->second});
    }
  }
  return all;
}

}  // namespace wasmup::gateway
