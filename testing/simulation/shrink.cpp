// SPDX-License-Identifier: MIT
#include "shrink.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace wasmup::testing::simulation {
namespace {

constexpr size_t most_attempts = 500;

class Shrinker {
 public:
  Shrinker(Plan plan, size_t usual_limit, const std::function<bool(const Plan&)>& fails,
           const std::function<bool()>& is_late)
      : plan_(std::move(plan)), usual_limit_(usual_limit), fails_(fails), is_late_(is_late) {}

  Plan shrunk() {
    simplify_settings();
    take_streams();
    take_events();
    simplify_messages();
    take_events();
    return std::move(plan_);
  }

 private:
  /// Keeps this plan when it still fails.
  bool attempt(Plan smaller) {
    if (attempts_ == most_attempts || is_late_()) return false;
    ++attempts_;
    if (!fails_(smaller)) return false;
    plan_ = std::move(smaller);
    return true;
  }
  bool attempt(std::vector<Event> events) {
    Plan smaller = plan_;
    smaller.events = std::move(events);
    return attempt(std::move(smaller));
  }

  void simplify_settings() {
    if (Plan calm = plan_; std::exchange(calm.fails_at_random, false)) attempt(std::move(calm));
    if (Plan known = plan_; !std::exchange(known.knows_clusters, true)) attempt(std::move(known));
    if (Plan usual = plan_; std::exchange(usual.buffer_limit, usual_limit_) != usual_limit_) {
      attempt(std::move(usual));
    }
  }

  void take_streams() {
    std::set<uint32_t> streams;
    for (const Event& event : plan_.events) streams.insert(event.stream);
    for (const uint32_t stream : streams) {
      std::vector<Event> rest = plan_.events;
      std::erase_if(rest, [stream](const Event& event) { return event.stream == stream; });
      if (rest.size() != plan_.events.size()) attempt(std::move(rest));
    }
  }

  /// Longer pieces first, from the end: what comes late matters less often.
  void take_events() {
    for (size_t size = std::max<size_t>(plan_.events.size() / 2, 1); size != 0; size /= 2) {
      for (size_t end = plan_.events.size(); end != 0;) {
        const size_t begin = end - std::min(size, end);
        std::vector<Event> rest = plan_.events;
        const auto at = [&rest](size_t index) { return rest.begin() + static_cast<std::ptrdiff_t>(index); };
        rest.erase(at(begin), at(end));
        attempt(std::move(rest));
        end = std::min(begin, plan_.events.size());
      }
    }
  }

  bool change(size_t index, const std::function<bool(Event&)>& change) {
    std::vector<Event> events = plan_.events;
    return change(events[index]) && attempt(std::move(events));
  }

  void simplify_messages() {
    for (size_t index = 0; index != plan_.events.size(); ++index) {
      if (!change(index, [](Event& event) { return !std::exchange(event.body, {}).empty(); })) {
        change(index, [](Event& event) {
          const bool is_long = event.body.size() > 64;
          if (is_long) event.body.resize(16);
          return is_long;
        });
      }
      std::set<std::string> names;
      for (const auto& [name, value] : plan_.events[index].headers) {
        if (!name.starts_with(':')) names.insert(name);
      }
      for (const std::string& name : names) {
        change(index, [&name](Event& event) {
          event.headers.remove(name);
          return true;
        });
      }
      change(index, [](Event& event) { return std::exchange(event.same_pass, false); });
    }
  }

  Plan plan_;
  size_t usual_limit_;
  const std::function<bool(const Plan&)>& fails_;
  const std::function<bool()>& is_late_;
  size_t attempts_ = 0;
};

}  // namespace

Plan shrink(Plan plan, size_t usual_limit, const std::function<bool(const Plan&)>& fails,
            const std::function<bool()>& is_late) {
  return Shrinker(std::move(plan), usual_limit, fails, is_late).shrunk();
}

}  // namespace wasmup::testing::simulation
