// SPDX-License-Identifier: MIT
#include "cases.hpp"

namespace wasmup::fidelity {

std::vector<Case> lifecycle_cases() {
  return {
      {.name = "a_root_is_made_started_and_configured",
       .shows = "Each VM makes the root, starts and configures it, in this order; the configuration is tried "
                "out in a VM "
                "of its own first, which ends without a word.",
       .unexpected = "With N workers that is N + 2 times: the trial, the main thread, the workers.",
       .script = "context_create:\nvm_start:\nconfigure:\ndone:\ndelete:",
       .options = {.vm_configuration = "vm"},
       .start = {"root 1: context_create", "root 1: vm_start of 2", "root 1: configure"}},
      {.name = "a_root_that_does_not_start_is_refused",
       .shows = "When on_vm_start answers 0 there is no on_configure, and the module is refused.",
       .script = "vm_start: return 0\nconfigure:\ndone:\ndelete:",
       .start = {"root 1: vm_start of 0"},
       .is_refused = true},
      {.name = "a_configuration_that_is_not_taken_is_refused",
       .shows = "When on_configure answers 0 the module is refused.",
       .script = "configure: return 0\ndone:\ndelete:",
       .start = {"root 1: configure"},
       .is_refused = true},
      {.name = "a_trap_at_the_start_is_refused",
       .shows = "So it is when the module traps there.",
       .script = "configure: trap",
       .start = {"root 1: configure"},
       .is_refused = true},
      {.name = "a_stream_is_logged_before_it_is_done",
       .shows = "A stream's life: made, its callbacks, logged, done, deleted. What on_done answers does not "
                "matter.",
       .unexpected = "The specification has on_log after on_done, and a stream wait that is not done.",
       .script = "context_create:\nrequest_headers:\nresponse_headers:\nlog:\ndone: done; return 0\ndelete:",
       .play = [](Player& it) { it.get_and_respond(); },
       .start = {"root 1: context_create"},
       .log = {"stream 1: context_create", "stream 1: request_headers, the end",
               "stream 1: response_headers, the end", "stream 1: log", "stream 1: done", "done = not_found",
               "stream 1: delete"},
       .upstream = "GET /",
       .client = "200"},
      {.name = "the_last_callbacks_of_a_stream",
       .shows = "What is at hand when a stream ends: maps in on_log alone.",
       .script =
           "done: get request_headers :path; get response_headers :status; property request.path\ndelete: "
           "get request_headers :path; effective stream 1; property request.path; set_property a b",
       .play = [](Player& it) { it.get_and_respond(); },
       .log = {"stream 1: done", "get request_headers :path = bad_argument",
               "get response_headers :status = bad_argument", "property request.path = not_found",
               "stream 1: delete", "get request_headers :path = bad_argument", "effective stream 1 = ok",
               "property request.path = not_found", "set_property a b = ok"},
       .upstream = "GET /",
       .client = "200"},
      {.name = "a_new_configuration_is_a_new_root_in_the_same_vm",
       .shows = "The old root goes on with its streams, and ends with the last of them.",
       .script = "request_headers:\nresponse_headers:\nserved done:\nserved delete:",
       .play =
           [](Player& it) {
             it.request("/a");
             it.reconfigure(
                 "served vm_start:\nserved configure: bytes plugin_configuration 0 16\nrequest_headers: "
                 "level");
             it.until("root 2: configure");
             it.stream(2);
             it.request("/b");
             it.respond(200);
             it.stream(1);
             it.respond(200);
             it.until("root 1: delete");
           },
       .log = {"stream 1: request_headers, the end", "root 2: vm_start of 0", "root 2: configure",
               "bytes plugin_configuration 0 16 = ok \"served vm_start:\"",
               "stream 2: request_headers, the end", "level = ok 0", "stream 1: response_headers, the end",
               "root 1: done", "root 1: delete"},
       .upstream = "GET /a | GET /b",
       .client = "200 | 200"},
      {.name = "a_root_that_is_not_done_waits_until_it_says_so",
       .shows = "A root whose on_done answers 0 is kept, and ticks, until it calls proxy_done; before that "
                "there is nothing "
                "to be done.",
       .script = "configure: done\nrequest_headers: done\nserved done: done; tick 20; return 0\ntick: tick "
                 "0; done; done\nserved delete:",
       .play =
           [](Player& it) {
             it.get_and_respond();
             it.reconfigure("request_headers:");
             it.until("root 1: delete");
           },
       .start = {"root 1: configure", "done = not_found"},
       .log = {"stream 1: request_headers, the end", "done = not_found", "root 1: done", "done = not_found",
               "tick 20 = ok", "root 1: tick", "tick 0 = ok", "done = ok", "done = not_found",
               "root 1: delete"},
       .upstream = "GET /",
       .client = "200"},
      {.name = "a_tick_comes_again_and_again",
       .shows = "A tick comes until its period is 0. Set by a stream, it is its root's.",
       .script = "request_headers: tick 20\ntick: get request_headers :path\n3 tick: tick 0",
       .play =
           [](Player& it) {
             it.get_and_respond();
             it.until("tick 0 = ok");
           },
       .log = {"stream 1: request_headers, the end", "tick 20 = ok", "root 1: tick",
               "get request_headers :path = bad_argument", "root 1: tick",
               "get request_headers :path = bad_argument", "root 1: tick", "tick 0 = ok"},
       .upstream = "GET /",
       .client = "200"},
      {.name = "a_tick_may_change_its_period",
       .shows = "A tick may set another period: it holds from then on.",
       .script = "request_headers: tick 20\n"
                 "1 tick: tick 40\n"
                 "2 tick: tick 10\n"
                 "3 tick: tick 0",
       .play =
           [](Player& it) {
             it.get_and_respond();
             it.until("tick 0 = ok");
           },
       .log = {"stream 1: request_headers, the end", "tick 20 = ok", "root 1: tick", "tick 40 = ok",
               "root 1: tick", "tick 10 = ok", "root 1: tick", "tick 0 = ok"},
       .upstream = "GET /",
       .client = "200"},
      {.name = "each_root_has_a_tick_of_its_own",
       .shows = "Two roots in one VM tick each for itself.",
       .script =
           "request_headers: tick 20; return 1\nserved tick: tick 0; effective stream 1; continue request",
       .play =
           [](Player& it) {
             it.request("/a");
             it.until("root 1: tick");
             it.respond(200);
             it.reconfigure(
                 "request_headers: tick 20; return 1\nserved configure:\ntick: tick 0; effective stream 2; "
                 "continue request");
             it.until("root 2: configure");
             it.stream(2);
             it.request("/b");
             it.until("root 2: tick");
             it.respond(200);
           },
       .log = {"stream 1: request_headers, the end", "tick 20 = ok", "root 1: tick", "tick 0 = ok",
               "effective stream 1 = ok", "continue request = ok", "root 2: configure",
               "stream 2: request_headers, the end", "tick 20 = ok", "root 2: tick", "tick 0 = ok",
               "effective stream 2 = ok", "continue request = ok"},
       .upstream = "GET /a | GET /b",
       .client = "200 | 200"},
      {.name = "a_trap_fails_closed",
       .shows = "After a trap no callback runs any more: the stream, and each after it, is answered 503.",
       .script = "context_create:\nrequest_headers: trap\nresponse_headers:\nlog:\ndone:\ndelete:",
       .play =
           [](Player& it) {
             it.request("/a");
             it.stream(2);
             it.request("/b");
           },
       .start = {"root 1: context_create"},
       .log = {"stream 1: context_create", "stream 1: request_headers, the end"},
       .upstream = " | ",
       .client = "503 | 503"},
      {.name = "a_trap_fails_the_other_streams_too",
       .shows = "The VM is one: a stream whose body was held when another trapped is answered 503 when more "
                "of it comes.",
       .script = "1 request_body: return 1\n"
                 "2 request_headers: trap\n"
                 "log:",
       .play =
           [](Player& it) {
             it.request("/a", {}, false);
             it.request_body("abc");
             it.stream(2);
             it.request("/b");
             it.stream(1);
             it.request_body("de");
           },
       .log = {"stream 1: request_body of 3", "stream 2: request_headers, the end"},
       .upstream = "POST /a | ",
       .client = "503 | 503"},
      {.name = "a_stream_held_when_another_traps_stays_held",
       .shows = "A stream whose headers were held when another trapped stays held: what comes for it does "
                "not reach the filter, and nobody lets it go.",
       .unexpected = "Nothing answers it: only a time-out of the client's or of Envoy's ends it.",
       .script = "1 request_headers: return 1\n2 request_headers: trap\nrequest_body:\nlog:",
       .play =
           [](Player& it) {
             it.request("/a", {}, false);
             it.stream(2);
             it.request("/b");
             it.stream(1);
             it.request_body("abc");
           },
       .log = {"stream 1: request_headers", "stream 2: request_headers, the end"},
       .upstream = " | ",
       .client = " | 503"},
      {.name = "a_stream_held_when_another_traps_stays_held_failing_open",
       .shows = "Failing open does not help it.",
       .script = "1 request_headers: return 1\n"
                 "2 request_headers: trap\n"
                 "request_body:\n"
                 "log:",
       .options = {.on_trap = OnTrap::open},
       .play =
           [](Player& it) {
             it.request("/a", {}, false);
             it.stream(2);
             it.request("/b");
             it.stream(1);
             it.request_body("abc");
           },
       .log = {"stream 1: request_headers", "stream 2: request_headers, the end"},
       .upstream = " | ",
       .client = " | 503"},
      {.name = "a_trap_in_an_answer_leaves_its_stream_held",
       .shows = "So does a stream that waits for a call-out, when the module traps as the answer comes.",
       .script = "request_headers: call there /x 0; return 1\n"
                 "http_call_response: trap\n"
                 "log:",
       .play =
           [](Player& it) {
             it.request("/a");
             it.answer_call("/x", 200);
             it.until("root 1: http_call_response with headers, no body, 0 trailers");
             it.stream(2);
             it.request("/b");
           },
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers"},
       .upstream = " | ",
       .client = " | 503"},
      {.name = "an_answer_after_a_trap_is_lost",
       .shows = "An answer that comes after a trap reaches nobody.",
       .script = "1 request_headers: call there /x 0; return 1\n"
                 "2 request_headers: trap\n"
                 "http_call_response:\n"
                 "log:",
       .play =
           [](Player& it) {
             it.request("/a");
             it.stream(2);
             it.request("/b");
             it.answer_call("/x", 200);
           },
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok",
               "stream 2: request_headers, the end"},
       .upstream = " | ",
       .client = " | 503"},
      {.name = "what_was_asked_for_before_a_trap_is_done",
       .shows = "What a callback asked for before it trapped is still done: another stream goes on, and then "
                "fails.",
       .script = "1 request_headers: return 1\n"
                 "2 request_headers: effective stream 1; continue request; trap\n"
                 "response_headers:\n"
                 "log:",
       .play =
           [](Player& it) {
             it.request("/a");
             it.stream(2);
             it.request("/b");
             it.stream(1);
             it.respond(200);
           },
       .log = {"stream 1: request_headers, the end", "stream 2: request_headers, the end",
               "effective stream 1 = ok", "continue request = ok"},
       .upstream = "GET /a | ",
       .client = "503 | 503"},
      {.name = "a_trap_after_a_reply",
       .shows = "A reply is not sent when its callback traps: the client gets 503. So it does when the "
                "reply's own callback traps.",
       .script = "1 request_headers: reply 403 no; trap\n"
                 "response_headers:\n"
                 "log:",
       .play = [](Player& it) { it.request("/"); },
       .log = {"stream 1: request_headers, the end", "reply 403 no = ok"},
       .client = "503"},
      {.name = "a_trap_in_the_callback_of_a_reply",
       .shows = "When a module traps as its reply passes, the client gets 503 instead.",
       .script = "request_headers: reply 403 no\n"
                 "response_headers: trap\n"
                 "log:",
       .play = [](Player& it) { it.request("/"); },
       .log = {"stream 1: request_headers, the end", "reply 403 no = ok", "stream 1: response_headers"},
       .client = "503"},
      {.name = "a_trap_in_a_stream_that_goes_on",
       .shows = "A stream whose request had passed gets 503 in place of its response.",
       .script = "2 request_headers: trap\nresponse_headers:\nlog:",
       .play =
           [](Player& it) {
             it.request("/a");
             it.stream(2);
             it.request("/b");
             it.stream(1);
             it.respond(200);
           },
       .log = {"stream 2: request_headers, the end"},
       .upstream = "GET /a | ",
       .client = "503 | 503"},
      {.name = "a_trap_in_a_response_body",
       .shows = "Once response headers are out, a trap cuts the stream.",
       .script = "response_body: trap\nlog:",
       .play =
           [](Player& it) {
             it.request("/a");
             it.respond(200, {{"x-a", "1"}}, false);
             it.response_body("abc");
           },
       .log = {"stream 1: response_body of 3"},
       .upstream = "GET /a",
       .client = "200 x-a=1 cut"},
      {.name = "a_trap_in_a_tick",
       .shows = "A trap in a root's callback is the end for all its streams, too.",
       .script = "request_headers: tick 20\n"
                 "2 request_headers:\n"
                 "tick: trap\n"
                 "response_headers:\n"
                 "log:",
       .play =
           [](Player& it) {
             it.request("/a");
             it.until("root 1: tick");
             it.respond(200);
             it.stream(2);
             it.request("/b");
           },
       .log = {"stream 1: request_headers, the end", "tick 20 = ok", "root 1: tick"},
       .upstream = "GET /a | ",
       .client = "503 | 503"},
      {.name = "a_trap_in_a_log",
       .shows = "A trap in on_log does no harm to the stream itself, but to all others.",
       .script = "1 log: trap\n"
                 "done:\n"
                 "delete:\n"
                 "2 request_headers:",
       .play =
           [](Player& it) {
             it.get_and_respond("/a");
             it.until("stream 1: log");
             it.stream(2);
             it.request("/b");
           },
       .log = {"stream 1: log"},
       .upstream = "GET /a | ",
       .client = "200 | 503"},
      {.name = "a_trap_fails_open",
       .shows = "Failing open, the stream that trapped is answered 503, those that begin later pass unseen.",
       .script = "context_create:\nrequest_headers: trap\nlog:",
       .options = {.on_trap = OnTrap::open},
       .play =
           [](Player& it) {
             it.request("/a");
             it.stream(2);
             it.request("/b");
             it.respond(200);
           },
       .start = {"root 1: context_create"},
       .log = {"stream 1: context_create", "stream 1: request_headers, the end"},
       .upstream = " | GET /b",
       .client = "503 | 200"},
      {.name = "a_trap_fails_open_for_a_response",
       .shows = "Failing open, a stream that there was when another trapped is answered 503 all the same.",
       .script = "2 request_headers: trap\nresponse_headers:\nlog:",
       .options = {.on_trap = OnTrap::open},
       .play =
           [](Player& it) {
             it.request("/a");
             it.stream(2);
             it.request("/b");
             it.stream(1);
             it.respond(200, {{"x-a", "1"}});
           },
       .log = {"stream 2: request_headers, the end"},
       .upstream = "GET /a | ",
       .client = "503 | 503"},
      {.name = "a_trapped_vm_is_replaced",
       .shows = "With reload, a fresh VM serves after a while: its contexts are counted anew, its root "
                "configured.",
       .script = "1 request_headers: set_property a b\n2 request_headers: trap\n3 request_headers:\n1 "
                 "response_headers: get response_headers :status\ndone:",
       .options = {.on_trap = OnTrap::reload},
       .play =
           [](Player& it) {
             it.request("/a");
             it.respond(200);
             it.stream(2);
             it.request("/b");
             it.stream(3);
             it.request("/c");
             it.until_reloaded();
           },
       .log = {"stream 1: request_headers, the end", "set_property a b = ok",
               "stream 1: response_headers, the end", "get response_headers :status = ok \"200\"",
               "stream 1: done", "stream 2: request_headers, the end", "stream 1: request_headers, the end",
               "set_property a b = ok", "stream 1: response_headers",
               "get response_headers :status = ok \"200\"", "stream 1: done"},
       .upstream = "GET /a |  | ",
       .client = "200 | 503 | 503"},
      {.name = "a_stream_of_a_replaced_vm_fails",
       .shows = "A stream that began before its VM was replaced is answered 503 all the same.",
       .script = "2 request_headers: trap\n"
                 "response_headers:\n"
                 "log:",
       .options = {.on_trap = OnTrap::reload},
       .play =
           [](Player& it) {
             it.request("/a");
             it.stream(2);
             it.request("/b");
             it.until_reloaded();
             it.stream(1);
             it.respond(200);
           },
       .log = {"stream 2: request_headers, the end", "stream 1: response_headers", "stream 1: log"},
       .upstream = "GET /a | ",
       .client = "503 | 503"},
      {.name = "log_levels",
       .shows = "Levels are 0 to 5; a higher one is BAD_ARGUMENT.",
       .script = "request_headers: log 0 lowest; log 5 highest; log 6 none",
       .play = [](Player& it) { it.get_and_respond(); },
       .log = {"stream 1: request_headers, the end", "lowest", "log 0 lowest = ok", "highest",
               "log 5 highest = ok", "log 6 none = bad_argument"},
       .upstream = "GET /",
       .client = "200"},
      {.name = "properties_are_kept_with_a_stream",
       .shows = "A stream can keep a property and read it back in later callbacks; a root can keep none. An "
                "empty path is "
                "SERIALIZATION_FAILURE.",
       .script = "configure: set_property a b; property a; property plugin_root_id; property plugin_name; "
                 "property none; property\n"
                 "request_headers: set_property a b; property a; property wasm.a; property request.path; "
                 "property plugin_root_id; property none; property\nresponse_headers: property a; property "
                 "request.path\nlog: property a; property request.path",
       .play = [](Player& it) { it.get_and_respond("/a"); },
       .start = {"root 1: configure", "set_property a b = not_found", "property a = not_found",
                 "property plugin_root_id = ok \"probe\"", "property plugin_name = ok \"probe\"",
                 "property none = not_found", "property = serialization_failure"},
       .log = {"stream 1: request_headers, the end", "set_property a b = ok", "property a = ok \"b\"",
               "property wasm.a = not_found", "property request.path = ok \"/a\"",
               "property plugin_root_id = ok \"probe\"", "property none = not_found",
               "property = serialization_failure", "stream 1: response_headers, the end",
               "property a = ok \"b\"", "property request.path = not_found", "stream 1: log",
               "property a = ok \"b\"", "property request.path = ok \"/a\""},
       .upstream = "GET /a",
       .client = "200"},
      {.name = "a_family_of_attributes_has_no_value",
       .shows = "The names of Envoy's own attributes that have others below them (request, response, xds, "
                "connection, source, destination, upstream, filter_state) can be set, and are "
                "SERIALIZATION_FAILURE to read all the same; metadata is empty, and plugin_name and the like "
                "keep Envoy's value.",
       .unexpected = "What a filter keeps under such a name is lost, and nothing tells it.",
       .script = "configure: property request; property xds; property metadata; set_property xds a\n"
                 "request_headers: property request; set_property request a; property request; set_property "
                 "xds a; property xds; property response; property connection; property source; property "
                 "destination; property upstream; property filter_state; set_property metadata a; property "
                 "metadata; set_property plugin_name a; property plugin_name; property request.path; "
                 "property wasm.request\n"
                 "log: property request; property xds",
       .play = [](Player& it) { it.get_and_respond("/a"); },
       .start = {"root 1: configure", "property request = not_found", "property xds = serialization_failure",
                 "property metadata = not_found", "set_property xds a = not_found"},
       .log = {"stream 1: request_headers, the end",
               "property request = serialization_failure",
               "set_property request a = ok",
               "property request = serialization_failure",
               "set_property xds a = ok",
               "property xds = serialization_failure",
               "property response = serialization_failure",
               "property connection = serialization_failure",
               "property source = serialization_failure",
               "property destination = serialization_failure",
               "property upstream = serialization_failure",
               "property filter_state = serialization_failure",
               "set_property metadata a = ok",
               "property metadata = ok \"\"",
               "set_property plugin_name a = ok",
               "property plugin_name = ok \"probe\"",
               "property request.path = ok \"/a\"",
               "property wasm.request = not_found",
               "stream 1: log",
               "property request = serialization_failure",
               "property xds = serialization_failure"},
       .upstream = "GET /a",
       .client = "200"},
      {.name = "wasi_prints_into_the_log_and_has_no_files",
       .shows =
           "Of WASI there are the clock, randomness, the plugin's environment, and the two outputs, which go "
           "to the log; there are no files and no arguments. proc_exit is told the log, and comes back.",
       .unexpected = "proc_exit never comes back by the specification of WASI.",
       .script =
           "request_headers: wasi fd_write; wasi fd_write_error; wasi fd_write_file; wasi fd_read; wasi "
           "fd_seek; "
           "wasi fd_close; wasi fd_fdstat_get; wasi fd_fdstat_set_flags; wasi fd_prestat_get; wasi "
           "fd_prestat_dir_name; wasi environ_sizes_get; wasi environ_get; wasi args_sizes_get; wasi "
           "args_get; "
           "wasi clock_time_get; wasi clock_time_get_other; wasi random_get; wasi random_get_many; wasi "
           "sched_yield; wasi poll_oneoff; wasi path_open; wasi path_filestat_get; wasi proc_exit",
       .play = [](Player& it) { it.get_and_respond(); },
       .log = {"stream 1: request_headers, the end",
               "printed",
               "wasi fd_write = 0",
               "an error",
               "wasi fd_write_error = 0",
               "wasi fd_write_file = 8",
               "wasi fd_read = 52",
               "wasi fd_seek = 0",
               "wasi fd_close = 0",
               "wasi fd_fdstat_get = 0",
               "wasi fd_fdstat_set_flags = 52",
               "wasi fd_prestat_get = 8",
               "wasi fd_prestat_dir_name = 52",
               "wasi environ_sizes_get = 0, 0",
               "wasi environ_get = 0",
               "wasi args_sizes_get = 0, 0",
               "wasi args_get = 0",
               "wasi clock_time_get = 0",
               "wasi clock_time_get_other = 58",
               "wasi random_get = 0",
               "wasi random_get_many = 28",
               "wasi sched_yield = 0",
               "wasi poll_oneoff = 0",
               "wasi path_open = 44",
               "wasi path_filestat_get = 58",
               "wasi proc_exit = and goes on"},
       .upstream = "GET /",
       .client = "200"},
      {.name = "an_unknown_foreign_function",
       .shows = "Calling a function that the host does not have is NOT_FOUND.",
       .script = "request_headers: foreign nobody x",
       .play = [](Player& it) { it.get_and_respond("/a"); },
       .log = {"stream 1: request_headers, the end", "foreign nobody x = not_found"},
       .upstream = "GET /a",
       .client = "200"},
  };
}

}  // namespace wasmup::fidelity
