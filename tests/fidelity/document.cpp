// SPDX-License-Identifier: MIT
// docs/fidelity.md from the table: prints it, and compares it with a file that is named.
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "cases.hpp"

namespace wasmup::fidelity {
namespace {

constexpr const char* introduction = R"(# What Envoy does, and the fake host after it

The fake host behind `wasmup/testing.hpp` plays Envoy for unit tests. What it claims of Envoy is one table of cases: a probe
module that does what its configuration says, what the client, the upstream and the servers of call-outs do, and what must
come of it, to the last line of the module's log. Each case is played in the fake host (`module/table/InTheFakeHost.fidelity/NAME`)
and in a real Envoy 1.40 (`envoy/table/InEnvoy.fidelity/NAME`), with the same expectations. `./wasmup test --filter NAME` runs
both. The cases are in [`tests/fidelity`](../tests/fidelity); `cmake --build build/debug --target fidelity` writes this
document from them.

*Unlike the specification* marks what the specification has otherwise, or does not say. It holds for Envoy 1.40.
)";

constexpr const char* elsewhere = R"(
## Shown by other tests

The same test is run natively and on the built module in the fake host (`tests/sdk`), and its counterpart in Envoy (`tests/envoy`):

| what | in the fake host | in Envoy |
|---|---|---|
| HTTP call-outs from streams and roots, several at once, dropped with their stream | `tests/sdk/http_calls_test.cpp` | `tests/envoy/http_calls_test.cpp` |
| gRPC calls and streams: metadata, messages, half-close, cancel, status | `tests/sdk/grpc_calls_test.cpp` | `tests/envoy/grpc_test.cpp` |
| TCP: data held and let go, closes, the order at the end, traps | `tests/sdk/tcp_test.cpp` | `tests/envoy/tcp_test.cpp` |
| shared data with compare-and-swap, queues, metrics and their tags | `tests/sdk/shared_data_test.cpp`, `shared_queue_test.cpp`, `metrics_test.cpp` | `tests/envoy/shared_state_test.cpp` |
| attributes and their types | `tests/sdk/typed_attributes_test.cpp` | `tests/envoy/attributes_test.cpp` |
| foreign functions | `tests/sdk/foreign_functions_test.cpp` | `tests/envoy/foreign_test.cpp` |
| what a module may not ask for while it starts, and in its allocator | `tests/host/asking_early_test.cpp`, `asking_allocator_test.cpp` | `tests/envoy/restriction_test.cpp` |
| clocks, randomness, environment, log level | `tests/sdk/surroundings_test.cpp` | `tests/envoy/surroundings_test.cpp` |

## What the SDK refuses

The cases above that end Envoy are raw hostcalls. The SDK answers `Status::bad_argument` in their place, before the host is
called: a second local response to the same message, and one after a reset or after response headers have gone on; a reset
after a local response or a reset; letting go of what the filter does not hold; all of these in on_log, on_done and a
destructor, and for a stream that is gone by the module's own account. Letting a message go in its own callback is no hostcall
at all: the callback then does not hold it. `tests/envoy/verdict_test.cpp` plays any two of them in every callback and from a
tick in a real Envoy, which lives; `tests/sdk/verdict_test.cpp` says which are refused; `tests/envoy/soak.py` has clients that
leave as their answers come.

## What the fake host does not do

* It is one worker with one VM. What several workers do to each other's shared data is shown in Envoy alone.
* Bytes come and go as the test hands them in; there is no HTTP codec: nothing adds `transfer-encoding`, a
  `content-length` of 0, `date` or `server`, and pseudo-headers that a message of its kind does not have stay. What the
  client or the upstream sends while it has to wait comes in one piece afterwards, and how much it had sent by the limit
  is what the test handed in: in Envoy it depends on how the bytes arrive.
* A stream is there until the test ends it, with on_log, on_done and on_delete. Once it was answered or reset, it can no
  longer be made the effective one, as in Envoy in the next pass of its event loop. That contexts outlive on_delete is
  played where the test says so (`Host::defer_deletion`), and for HTTP streams alone.
* A call-out that Envoy refuses to send is answered when the test next lets time pass (`Host::advance`). A cluster is
  empty or full for the whole test (`HostOptions::empty_clusters`); in Envoy a limit that is reached only once there is
  a connection is a 503 answer.
* It has no routes and no upstreams: a request that has a path and a method goes on. (In Envoy one that has lost both
  `:scheme` and `x-forwarded-proto` is a 404, too.) A request that is let go and answered in one callback counts as passed on.
* A second reset fails the test also while the request has not ended, where Envoy takes it over HTTP/1.1. So does letting a
  reply go that has passed, which Envoy sends twice when it has a body.
* That a module leaks what it was handed fails the test (`tests/host`); Envoy does not notice.
* Attributes are those that the test sets with `Host::set_property`; which of them Envoy has in which callback is in
  [`tests/envoy/attributes_test.cpp`](../tests/envoy/attributes_test.cpp).
* A new plugin configuration that is refused has been seen by the one VM there is; Envoy tries it out in a VM of its own.
* No time passes but by `Host::advance`, and a module that loops for ever loops for ever.
)";

void print(const std::vector<Group>& groups, std::ostream& out) {
  out << introduction;
  for (const Group& group : groups) {
    out << "\n## " << group.title << "\n\n| case | what one may rely on |\n|---|---|\n";
    for (const Case& one : group.cases) {
      out << "| `" << one.name << "` | " << one.shows;
      if (!one.unexpected.empty()) out << " *Unlike the specification:* " << one.unexpected;
      out << " |\n";
    }
  }
  out << elsewhere;
}

}  // namespace
}  // namespace wasmup::fidelity

int main(int argc, char** argv) {
  std::ostringstream document;
  wasmup::fidelity::print(wasmup::fidelity::all_cases(), document);
  if (argc == 1) {
    std::cout << document.str();
    return 0;
  }
  std::ifstream file(argv[1]);
  const std::string there{std::istreambuf_iterator<char>(file), {}};
  if (there == document.str()) return 0;
  std::cerr << argv[1] << " is not up to date\n  run: cmake --build BUILD --target fidelity\n";
  return 1;
}
