// SPDX-License-Identifier: MIT
#include "plan.hpp"

#include <algorithm>
#include <utility>

namespace wasmup::testing::simulation {
namespace {

/// Events that stay together; those of a lane stay in their order.
using Group = std::vector<Event>;
using Lane = std::vector<Group>;

constexpr size_t limit_of_envoy_gateway = 32768;
constexpr size_t large_size = 60'000;
constexpr size_t largest_piece = 40'000;
constexpr uint32_t times[] = {1, 10, 100, 200, 500, 1000, 5000, 60'000};

class Planner {
 public:
  Planner(uint64_t seed, const SimulationOptions& options, const Vocabulary& vocabulary, Protocols protocols)
      : random_(seed),
        vocabulary_(vocabulary),
        protocols_(protocols),
        is_small_(is_small(seed)),
        clients_leave_(options.clients_leave),
        is_large_(random_.chance(12)) {}

  Random& random() { return random_; }
  /// Whether bodies are longer than Envoy Gateway lets be held.
  bool is_large() const { return is_large_; }

  std::vector<Event> events() {
    const size_t streams = is_small_ ? 1 + random_.below(2) : 1 + random_.below(6);
    std::vector<Lane> lanes;
    for (uint32_t stream = 1; stream <= streams; ++stream) {
      const bool is_tcp = protocols_.tcp && (!protocols_.http || random_.chance(50));
      lanes.push_back(is_tcp ? tcp_lane(stream) : http_lane(stream));
    }
    lanes.push_back(common_lane());
    return merged(std::move(lanes));
  }

 private:
  static Event of(Kind kind, uint32_t stream) { return {.kind = kind, .stream = stream}; }

  /// A body in pieces, cut anywhere; none at all for a message without one.
  void add_body(std::vector<Event>& events, Kind kind, uint32_t stream, const Message& message) {
    std::string_view rest = message.body;
    const bool has_trailers = !message.trailers.empty();
    while (!rest.empty()) {
      const size_t most = is_large_ ? std::min(rest.size(), largest_piece) : rest.size();
      const size_t size = random_.chance(50) ? most : 1 + random_.below(most);
      if (random_.chance(10)) events.push_back(of(kind, stream));
      Event piece = of(kind, stream);
      piece.body = rest.substr(0, size);
      rest.remove_prefix(size);
      piece.end = rest.empty() && !has_trailers && random_.chance(80);
      events.push_back(std::move(piece));
    }
  }

  void add_message(std::vector<Event>& events, bool is_request, uint32_t stream, const Message& message) {
    Event headers = of(is_request ? Kind::request : Kind::response, stream);
    headers.headers = message.headers;
    headers.end = message.body.empty() && message.trailers.empty() && random_.chance(85);
    const bool is_whole = headers.end;
    events.push_back(std::move(headers));
    if (is_whole) return;
    const Kind body = is_request ? Kind::request_body : Kind::response_body;
    add_body(events, body, stream, message);
    if (!message.trailers.empty()) {
      Event trailers = of(is_request ? Kind::request_trailers : Kind::response_trailers, stream);
      trailers.headers = message.trailers;
      events.push_back(std::move(trailers));
    } else if (!events.back().end) {
      Event last = of(body, stream);
      last.end = true;
      events.push_back(std::move(last));
    }
  }

  /// What comes of a call-out, HTTP or gRPC.
  Event outcome(uint32_t stream) {
    Event event = of(Kind::answer, stream);
    if (stream == 0) event.number = static_cast<uint32_t>(random_.below(8));
    switch (random_.below(12)) {
      case 0:
        event.kind = Kind::answer_fails;
        break;
      case 1:
        event.kind = Kind::grpc_close;
        event.body = random_.chance(50) ? "14" : "0";
        break;
      case 2:
      case 3:
        event.kind = Kind::grpc_message;
        event.body = vocabulary_.body(random_);
        break;
      case 4:
        event.kind = random_.chance(50) ? Kind::grpc_metadata : Kind::grpc_trailers;
        event.headers = vocabulary_.trailers(random_);
        break;
      default: {
        const Message answer = vocabulary_.answer(random_);
        event.headers = answer.headers;
        event.body = answer.body;
      }
    }
    return event;
  }

  static void enlarge(Message& message) {
    if (message.body.empty()) return;
    message.body.resize(large_size, 'x');
    if (message.headers.contains("content-length")) {
      message.headers.set("content-length", std::to_string(large_size));
    }
  }

  Event of_time() {
    Event event = of(Kind::time, 0);
    event.number = random_.pick(times);
    return event;
  }

  Lane http_lane(uint32_t stream) {
    Message request = vocabulary_.request(random_);
    Message response = vocabulary_.response(random_, request.headers.get(":method").value_or(""));
    if (is_large_) {
      enlarge(request);
      enlarge(response);
    }
    std::vector<Event> sent;
    std::vector<Event> answered;
    add_message(sent, true, stream, request);
    add_message(answered, false, stream, response);
    answered.front().after_all = random_.chance(75);
    if (random_.chance(15)) {
      answered.resize(random_.below(answered.size() + 1));
      if (random_.chance(70)) answered.push_back(of(Kind::upstream_resets, stream));
    }
    if (random_.chance(10)) sent.resize(1 + random_.below(sent.size()));

    Lane lane;
    lane.push_back({std::move(sent.front())});
    sent.erase(sent.begin());
    Lane outcomes;
    for (size_t count = random_.below(4); count != 0; --count) {
      Group group{outcome(stream)};
      if (random_.chance(15)) group.push_back(joined(outcome(random_.chance(50) ? stream : 0)));
      outcomes.push_back(std::move(group));
    }
    std::vector<Lane> parts(3);
    for (Event& event : sent) parts[0].push_back({std::move(event)});
    for (Event& event : answered) parts[1].push_back({std::move(event)});
    parts[2] = std::move(outcomes);
    for (Group& group : shuffled(std::move(parts))) lane.push_back(std::move(group));
    if (clients_leave_ && random_.chance(25)) add_leaving(lane, stream);
    return lane;
  }

  /// The client leaves somewhere on the way, and may be followed at once by what it waited for.
  void add_leaving(Lane& lane, uint32_t stream) {
    Group group{of(Kind::client_leaves, stream)};
    if (random_.chance(60)) group.push_back(joined(outcome(stream)));
    const auto at = lane.begin() + static_cast<std::ptrdiff_t>(1 + random_.below(lane.size()));
    lane.insert(at, std::move(group));
  }

  Lane tcp_lane(uint32_t stream) {
    Lane lane{{of(Kind::connect, stream)}};
    std::vector<Lane> parts(2);
    for (const bool is_downstream : {true, false}) {
      for (size_t count = 1 + random_.below(4); count != 0; --count) {
        Event event = of(is_downstream ? Kind::downstream_data : Kind::upstream_data, stream);
        event.body = vocabulary_.body(random_);
        event.end = count == 1 && random_.chance(70);
        parts[is_downstream ? 0 : 1].push_back({std::move(event)});
      }
    }
    for (Group& group : shuffled(std::move(parts))) lane.push_back(std::move(group));
    Event close = of(Kind::connection_close, stream);
    close.number = random_.chance(30) ? 1 : 0;
    lane.push_back({close});
    return lane;
  }

  Lane common_lane() {
    Lane lane;
    for (size_t count = random_.below(is_small_ ? 3 : 7); count != 0; --count) {
      switch (random_.below(8)) {
        case 0:
        case 1:
          lane.push_back({of_time()});
          break;
        case 2:
        case 3:
          lane.push_back({outcome(0)});
          break;
        case 4: {
          Event event = of(Kind::item, 0);
          event.body = vocabulary_.body(random_);
          lane.push_back({event});
          break;
        }
        case 5: {
          Event event = of(Kind::foreign, 0);
          event.number = static_cast<uint32_t>(random_.below(3));
          event.body = vocabulary_.body(random_);
          lane.push_back({event});
          break;
        }
        case 6:
          lane.push_back({of(Kind::log, 0)});
          break;
        default:
          lane.push_back({of(Kind::reconfigure, 0)});
      }
    }
    return lane;
  }

  static Event joined(Event event) {
    event.same_pass = true;
    return event;
  }

  /// Lanes put into one another; each keeps its order.
  Lane shuffled(std::vector<Lane> lanes) {
    Lane all;
    std::vector<size_t> taken(lanes.size(), 0);
    for (;;) {
      std::vector<size_t> open;
      for (size_t i = 0; i != lanes.size(); ++i) {
        if (taken[i] != lanes[i].size()) open.push_back(i);
      }
      if (open.empty()) return all;
      const size_t chosen = random_.pick(open);
      all.push_back(std::move(lanes[chosen][taken[chosen]++]));
    }
  }

  std::vector<Event> merged(std::vector<Lane> lanes) {
    std::vector<Event> events;
    for (Group& group : shuffled(std::move(lanes))) {
      for (Event& event : group) {
        event.serial = static_cast<uint32_t>(events.size()) + 1;
        events.push_back(std::move(event));
      }
    }
    return events;
  }

  Random random_;
  const Vocabulary& vocabulary_;
  Protocols protocols_;
  bool is_small_;
  bool clients_leave_;
  bool is_large_;
};

}  // namespace

Plan plan_of(const RunName& name, const SimulationOptions& options, const Vocabulary& vocabulary,
             Protocols protocols) {
  Planner planner(name.seed, options, vocabulary, protocols);
  Plan plan{.name = name, .events = planner.events()};
  Random& random = planner.random();
  plan.buffer_limit = random.chance(planner.is_large() ? 80 : 40)
                          ? std::min(limit_of_envoy_gateway, options.host.buffer_limit)
                          : options.host.buffer_limit;
  plan.knows_clusters = !random.chance(10);
  plan.fails_at_random = random.chance(25) && options.fails_hostcalls && !is_small(name.seed);
  if (name.repeats) plan.fails_at_random = false;
  return plan;
}

}  // namespace wasmup::testing::simulation
