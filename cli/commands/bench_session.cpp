// SPDX-License-Identifier: MIT
#include "bench_session.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <ranges>

#include "../bench/statistics.hpp"
#include "../text/file.hpp"
#include "beside_log.hpp"
#include "trap.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr int connections = 4;
constexpr int64_t fewest_requests = 8;      // in a round: two on each
constexpr milliseconds warm_up_time{1000};  // V8 compiles a busy module once more
constexpr milliseconds round_time{100};
constexpr milliseconds answer_limit{10'000};
constexpr milliseconds round_limit{60'000};  // never reached: a request that takes long fails before
constexpr const char* path = "/bench";       // which Envoy answers itself

}  // namespace

Expected<bench::Report> BenchSession::run() {
  auto folder = os::TemporaryFolder::make("wasmup-bench");
  if (!folder) return std::unexpected(folder.error());
  folder_ = *std::move(folder);

  if (const auto entered = enter("no filter", {}); !entered) return std::unexpected(entered.error());
  if (plan_.native) {
    const auto entered = enter("header mutation", {.native_header = {{"x-wasm-custom", "FOO"}}});
    if (!entered) return std::unexpected(entered.error());
  }
  if (plan_.other) {
    if (const auto entered = enter_module(*plan_.other); !entered) return std::unexpected(entered.error());
  }
  if (const auto entered = enter_module(plan_.filter); !entered) return std::unexpected(entered.error());

  if (const auto warm = warm_up(); !warm) return std::unexpected(warm.error());
  const auto start = environment_.now();
  if (const auto measured = measure(); !measured) return std::unexpected(measured.error());
  bench::Report report{.seconds = std::chrono::duration<double>(environment_.now() - start).count(),
                       .requests_a_round = requests_a_round_};
  for (const auto& contestant : contestants_) report.variants.push_back(std::move(contestant->measured));
  return report;
}

Expected<void> BenchSession::enter(const std::string& name, envoy::Bootstrap bootstrap) {
  auto contestant = std::make_unique<Contestant>();
  contestant->measured.name = name;
  contestant->is_module = !bootstrap.filters.empty();
  bootstrap.direct_response_path = path;
  // What a filter says at info is not what a proxy in earnest would write down.
  envoy::ServerOptions options{.executable = plan_.envoy,
                               .bootstrap = std::move(bootstrap),
                               .wasm_log_level = "warning",
                               .concurrency = 1,
                               .on_log = [one = contestant.get()](const envoy::LogLine& line) {
                                 if (is_trap(line)) one->traps.push_back(line.message);
                               }};
  auto server = environment_.start_envoy(std::move(options));
  if (!server) {
    Error error = server.error();
    if (error.code == ExitCode::module_refused) error.what = "Envoy did not take " + name;
    return std::unexpected(error);
  }
  contestant->server = *std::move(server);
  contestants_.push_back(std::move(contestant));
  return {};
}

Expected<void> BenchSession::enter_module(const PlannedFilter& filter) {
  const Expected<FilterModule> module = get_filter_module(environment_, filter.path);
  if (!module) return std::unexpected(module.error());
  if (module->filters_connections) {
    return std::unexpected(Error{ExitCode::usage, "bench is for HTTP filters",
                                 module->name + " is a filter of TCP connections", ""});
  }
  const fs::path file = folder_->path() / fmt::format("module-{}.wasm", contestants_.size());
  if (const auto written = text::write_file(file, module->bytes); !written) return written;
  const auto has_name = [&](const auto& one) { return one->measured.name == module->name; };
  const bool taken = std::ranges::any_of(contestants_, has_name);
  return enter(
      taken ? filter.path.string() : module->name,
      {.filters = {{.module = file, .root_id = filter.root_id, .configuration = filter.configuration}}});
}

/// And finds how many requests fill a round of the slowest.
Expected<void> BenchSession::warm_up() {
  constexpr int64_t no_end = std::numeric_limits<int64_t>::max();
  terminal::Terminal& terminal = environment_.terminal;
  terminal.begin("warming", "each Envoy up");
  int64_t least = no_end;
  for (const auto& contestant : contestants_) {
    const Expected<Round> first = round(*contestant, 1, round_limit, false);
    if (!first) return std::unexpected(first.error());
    const Expected<Round> warm = round(*contestant, no_end, warm_up_time, false);
    if (!warm) return std::unexpected(warm.error());
    least = std::min(least, warm->requests);
  }
  terminal.done("warmed", fmt::format("{} Envoys up", contestants_.size()));
  requests_a_round_ = std::max<int64_t>(least * round_time.count() / warm_up_time.count(), fewest_requests);
  return {};
}

Expected<void> BenchSession::measure() {
  terminal::Terminal& terminal = environment_.terminal;
  terminal.begin("measuring", fmt::format("for {} s", plan_.time.count()));
  const auto end = environment_.now() + plan_.time;
  const std::vector<double>& blocks = contestants_.front()->measured.cpu;
  while (environment_.now() < end || blocks.size() < bench::fewest) {
    if (const auto done = block(); !done) return done;
  }
  terminal.done("measured", fmt::format("{} blocks of {} rounds of {} requests", blocks.size(),
                                        2 * contestants_.size(), requests_a_round_));
  return {};
}

/// Each of them twice, once on the way there and once on the way back.
Expected<void> BenchSession::block() {
  std::vector<double> there;
  for (const auto& contestant : contestants_) {
    const Expected<Round> done = round(*contestant, requests_a_round_, round_limit, true);
    if (!done) return std::unexpected(done.error());
    there.push_back(done->cpu);
  }
  for (const size_t i : std::views::iota(size_t{0}, contestants_.size()) | std::views::reverse) {
    const Expected<Round> back = round(*contestants_[i], requests_a_round_, round_limit, true);
    if (!back) return std::unexpected(back.error());
    contestants_[i]->measured.cpu.push_back((there[i] + back->cpu) / 2);
  }
  return {};
}

/// `keep`: what it shows of single requests too.
Expected<BenchSession::Round> BenchSession::round(Contestant& contestant, int64_t requests,
                                                  milliseconds limit, bool keep) {
  bench::Variant& measured = contestant.measured;
  http::Load load{.request = {.url = fmt::format("http://127.0.0.1:{}{}", contestant.server->port(), path),
                              .limit = answer_limit},
                  .total = requests,
                  .connections = connections,
                  .limit = limit};
  if (keep) {
    load.accept = [&measured](const http::Response& response) {
      measured.latencies.push_back(static_cast<double>(response.time.count()));
      return std::string();
    };
  }
  const auto before = environment_.cpu_time(contestant.server->pid());
  if (!before) return std::unexpected(failed(contestant, before.error().seen));
  const auto result = beside_log(contestant.server.get(), [&] { return environment_.send_load(load); });
  const auto after = environment_.cpu_time(contestant.server->pid());
  if (!result) return std::unexpected(result.error());
  const bool lives = contestant.server->pump(milliseconds(0));
  if (!contestant.traps.empty() || !after || !lives)
    return std::unexpected(failed(contestant, "Envoy ended"));
  if (result->sent == 0) {
    return std::unexpected(failed(contestant, fmt::format("no answer within {} ms", limit.count())));
  }
  if (result->failed > 0) return std::unexpected(failed(contestant, result->first_failure));
  if (keep) {
    for (const auto& [status, count] : result->by_status) measured.by_status[status] += count;
  }
  const std::chrono::duration<double, std::micro> cpu = *after - *before;
  return Round{result->sent, cpu.count() / static_cast<double>(result->sent)};
}

Error BenchSession::failed(const Contestant& contestant, const std::string& seen) const {
  const std::string& name = contestant.measured.name;
  if (!contestant.traps.empty()) {
    return {ExitCode::check_failed,
            fmt::format("{} trapped in {}", name, trapped_function(contestant.traps.front())),
            with_line_ends(contestant.traps.front()), "wasmup run --trace shows what it did before"};
  }
  if (!contestant.is_module)
    return {ExitCode::environment, "Envoy with " + name + " does not answer", seen, ""};
  return {
      ExitCode::check_failed, name + " keeps Envoy from answering", seen,
      "a filter that loops, or holds a request for ever, does that: wasmup run --trace shows the last call"};
}

}  // namespace wasmup::commands
