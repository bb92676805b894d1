// SPDX-License-Identifier: MIT
#include "cases.hpp"

namespace wasmup::fidelity {
namespace {

void three_chunks(Player& it) {
  it.request("/", {}, false);
  it.request_body("abc");
  it.request_body("de");
  it.request_body("f");
  it.request_end();
  it.respond(200);
}

void one_chunk_each(Player& it) {
  it.request("/", {}, false);
  it.request_body("abcdef");
  it.request_end();
  it.respond(200, {}, false);
  it.response_body("ghijkl");
  it.response_end();
}

}  // namespace

std::vector<Case> body_cases() {
  return {
      {.name = "a_bodyless_message_has_no_body_callback",
       .shows = "The end of a message without a body is told with its headers, and no body callback runs.",
       .script = "request_headers:\nrequest_body:\nrequest_trailers:\nresponse_headers:\nresponse_body:",
       .play = [](Player& it) { it.get_and_respond(); },
       .log = {"stream 1: request_headers, the end", "stream 1: response_headers, the end"},
       .upstream = "GET /",
       .client = "200"},
      {.name = "a_message_comes_in_its_pieces",
       .shows = "Chunks that are let go come one by one; a body may end with an empty one.",
       .script = "request_headers:\nrequest_body: buffer_size "
                 "request_body\nresponse_headers:\nresponse_body: bytes response_body 0 100",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abc");
             it.request_body("de");
             it.request_end();
             it.respond(200, {}, false);
             it.response_body("f");
             it.response_end();
           },
       .log = {"stream 1: request_headers", "stream 1: request_body of 3",
               "buffer_size request_body = ok 3, flags 0", "stream 1: request_body of 2",
               "buffer_size request_body = ok 2, flags 0", "stream 1: request_body of 0, the end",
               "buffer_size request_body = ok 0, flags 0", "stream 1: response_headers",
               "stream 1: response_body of 1", "bytes response_body 0 100 = ok \"f\"",
               "stream 1: response_body of 0, the end", "bytes response_body 0 100 = ok \"\""},
       .upstream = "POST / \"abcde\"",
       .client = "200 \"f\""},
      {.name = "trailers_end_a_body_that_did_not",
       .shows = "Where trailers follow, no chunk of the body is its end.",
       .script = "request_body:\nrequest_trailers:\nresponse_body:\nresponse_trailers:",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abc");
             it.request_trailers({{"x-t", "1"}, {"x-u", "2"}});
             it.respond(200, {}, false);
             it.response_body("def");
             it.response_trailers({{"x-v", "3"}});
           },
       .log = {"stream 1: request_body of 3", "stream 1: request_trailers of 2",
               "stream 1: response_body of 3", "stream 1: response_trailers of 1"},
       .upstream = "POST / \"abc\" + x-t=1 x-u=2",
       .client = "200 \"def\" + x-v=3"},
      {.name = "answer_1_gathers_a_body",
       .shows = "While a body callback answers 1 (pause), the next one is given all that came so far.",
       .script = "request_body: bytes request_body 0 100; return 1\nrequest_trailers:",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abc");
             it.request_body("de");
             it.request_trailers({{"x-t", "1"}});
             it.respond(200);
           },
       .log = {"stream 1: request_body of 3", "bytes request_body 0 100 = ok \"abc\"",
               "stream 1: request_body of 5", "bytes request_body 0 100 = ok \"abcde\"",
               "stream 1: request_trailers of 1"},
       .upstream = "POST / \"abcde\" + x-t=1",
       .client = "200"},
      {.name = "answer_2_holds_a_body_chunk_by_chunk",
       .shows = "With 2 (watermark) what came is held too, but a callback is given its own chunk alone.",
       .script = "request_body: bytes request_body 0 100; return 2\nrequest_trailers:",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abc");
             it.request_body("de");
             it.request_trailers({{"x-t", "1"}});
             it.respond(200);
           },
       .log = {"stream 1: request_body of 3", "bytes request_body 0 100 = ok \"abc\"",
               "stream 1: request_body of 2", "bytes request_body 0 100 = ok \"de\"",
               "stream 1: request_trailers of 1"},
       .upstream = "POST / \"abcde\" + x-t=1",
       .client = "200"},
      {.name = "answer_3_drops_what_the_filter_does_not_keep",
       .shows = "With 3 (no buffer) a chunk is neither passed on nor kept.",
       .script = "request_body: bytes request_body 0 100; return 3\nrequest_trailers:",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abc");
             it.request_body("de");
             it.request_trailers({{"x-t", "1"}});
             it.respond(200);
           },
       .log = {"stream 1: request_body of 3", "bytes request_body 0 100 = ok \"abc\"",
               "stream 1: request_body of 2", "bytes request_body 0 100 = ok \"de\"",
               "stream 1: request_trailers of 1"},
       .upstream = "POST / + x-t=1",
       .client = "200"},
      {.name = "answers_2_and_3_to_a_response_body",
       .shows = "2 and 3 mean the same for a response's body.",
       .script = "1 response_body: bytes response_body 0 100; return 2\n"
                 "2 response_body: bytes response_body 0 100; return 3\n"
                 "response_trailers:",
       .play =
           [](Player& it) {
             for (const size_t number : {1, 2}) {
               it.stream(number);
               it.request("/");
               it.respond(200, {}, false);
               it.response_body("abc");
               it.response_body("de");
               it.response_trailers({{"x-t", "1"}});
             }
           },
       .log = {"stream 1: response_body of 3", "bytes response_body 0 100 = ok \"abc\"",
               "stream 1: response_body of 2", "bytes response_body 0 100 = ok \"de\"",
               "stream 1: response_trailers of 1", "stream 2: response_body of 3",
               "bytes response_body 0 100 = ok \"abc\"", "stream 2: response_body of 2",
               "bytes response_body 0 100 = ok \"de\"", "stream 2: response_trailers of 1"},
       .upstream = "GET / | GET /",
       .client = "200 \"abcde\" + x-t=1 | 200 + x-t=1"},
      {.name = "gathered_chunks_go_on_with_the_one_that_does",
       .shows =
           "When a callback answers 0 after others that answered 1, all goes on; what comes then is new.",
       .script =
           "request_body: bytes request_body 0 100; return 1\nlast request_body: bytes request_body 0 100",
       .play = three_chunks,
       .log = {"stream 1: request_body of 3", "bytes request_body 0 100 = ok \"abc\"",
               "stream 1: request_body of 5", "bytes request_body 0 100 = ok \"abcde\"",
               "stream 1: request_body of 6", "bytes request_body 0 100 = ok \"abcdef\"",
               "stream 1: request_body of 6, the end", "bytes request_body 0 100 = ok \"abcdef\""},
       .upstream = "POST / \"abcdef\"",
       .client = "200"},
      {.name = "a_range_of_a_buffer_is_clipped",
       .shows = "Reading from behind the end is an empty OK, reading past it gives what there is.",
       .script = "request_body: bytes request_body 1 2; bytes request_body 4 100; bytes request_body 6 1; "
                 "bytes request_body "
                 "7 1; bytes request_body 0 0; bytes request_body 0 4294967295; bytes request_body "
                 "4294967295 4294967295; buffer_size request_body; bytes "
                 "wrong 0 1; buffer_size wrong",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abcdef");
             it.leave();
           },
       .log = {"stream 1: request_body of 6", "bytes request_body 1 2 = ok \"bc\"",
               "bytes request_body 4 100 = ok \"ef\"", "bytes request_body 6 1 = ok \"\"",
               "bytes request_body 7 1 = ok \"\"", "bytes request_body 0 0 = ok \"\"",
               "bytes request_body 0 4294967295 = ok \"abcdef\"",
               "bytes request_body 4294967295 4294967295 = ok \"\"",
               "buffer_size request_body = ok 6, flags 0", "bytes wrong 0 1 = bad_argument",
               "buffer_size wrong = bad_argument"},
       .upstream = "POST / \"abcdef\""},
      {.name = "bodies_outside_their_callbacks_are_empty",
       .shows = "A body that is not at hand reads as an empty OK and cannot be written, as do a gRPC message "
                "and a foreign call's "
                "arguments; an answer's body and the plugin's configuration are NOT_FOUND.",
       .script = R"(
request_headers: bytes request_body 0 100; buffer_size request_body; write request_body 0 0 x; bytes response_body 0 100; bytes downstream 0 100; bytes upstream 0 100; write upstream 0 0 x; bytes call_body 0 100; buffer_size call_body; write call_body 0 0 x; bytes grpc_message 0 100; write grpc_message 0 0 x; bytes foreign_arguments 0 100; write foreign_arguments 0 0 x; bytes plugin_configuration 0 1; bytes vm_configuration 0 100
response_headers: bytes request_body 0 100; bytes response_body 0 100
response_body: bytes request_body 0 100; write request_body 0 0 x
log: bytes request_body 0 100; bytes response_body 0 100
)",
       .options = {.vm_configuration = "vm"},
       .play = one_chunk_each,
       .log = {"stream 1: request_headers",
               "bytes request_body 0 100 = ok \"\"",
               "buffer_size request_body = ok 0, flags 0",
               "write request_body 0 0 x = bad_argument",
               "bytes response_body 0 100 = ok \"\"",
               "bytes downstream 0 100 = ok \"\"",
               "bytes upstream 0 100 = ok \"\"",
               "write upstream 0 0 x = bad_argument",
               "bytes call_body 0 100 = not_found",
               "buffer_size call_body = not_found",
               "write call_body 0 0 x = not_found",
               "bytes grpc_message 0 100 = ok \"\"",
               "write grpc_message 0 0 x = bad_argument",
               "bytes foreign_arguments 0 100 = ok \"\"",
               "write foreign_arguments 0 0 x = bad_argument",
               "bytes plugin_configuration 0 1 = not_found",
               "bytes vm_configuration 0 100 = ok \"vm\"",
               "stream 1: response_headers",
               "bytes request_body 0 100 = ok \"\"",
               "bytes response_body 0 100 = ok \"\"",
               "stream 1: response_body of 6",
               "bytes request_body 0 100 = ok \"\"",
               "write request_body 0 0 x = bad_argument",
               "stream 1: response_body of 0, the end",
               "bytes request_body 0 100 = ok \"\"",
               "write request_body 0 0 x = bad_argument",
               "stream 1: log",
               "bytes request_body 0 100 = ok \"\"",
               "bytes response_body 0 100 = ok \"\""},
       .upstream = "POST / \"abcdef\"",
       .client = "200 \"ghijkl\""},
      {.name = "configurations_are_at_hand_while_they_are_given",
       .shows = "The VM's configuration is there at any time, the plugin's until the root is configured.",
       .script = R"(
context_create: bytes plugin_configuration 0 9; bytes vm_configuration 0 100
vm_start: bytes plugin_configuration 0 9; bytes vm_configuration 0 100; write vm_configuration 0 0 x
configure: bytes plugin_configuration 0 9; write plugin_configuration 0 0 x; bytes request_body 0 100; buffer_size response_body; write request_body 0 0 x
)",
       .options = {.vm_configuration = "vm"},
       .start = {"root 1: context_create", "bytes plugin_configuration 0 9 = ok \"%0acontext_\"",
                 "bytes vm_configuration 0 100 = ok \"vm\"", "root 1: vm_start of 2",
                 "bytes plugin_configuration 0 9 = not_found", "bytes vm_configuration 0 100 = ok \"vm\"",
                 "write vm_configuration 0 0 x = bad_argument", "root 1: configure",
                 "bytes plugin_configuration 0 9 = ok \"%0acontext_\"",
                 "write plugin_configuration 0 0 x = bad_argument", "bytes request_body 0 100 = ok \"\"",
                 "buffer_size response_body = ok 0, flags 0", "write request_body 0 0 x = bad_argument"}},
      {.name = "writing_replaces_prepends_or_appends",
       .shows = "From 0, so many bytes are replaced, none meaning prepend; from the end or beyond, it is "
                "appended.",
       .script = R"(
request_body: write request_body 0 0 <; bytes request_body 0 100; write request_body 0 2 AB; bytes request_body 0 100; write request_body 8 0 >; bytes request_body 0 100; write request_body 100 5 !; bytes request_body 0 100; return 1
last request_body: bytes request_body 0 100; write request_body 0 9 all
response_body: write response_body 0 100 new; bytes response_body 0 100; write response_body 0 3; bytes response_body 0 100
last response_body: write response_body 0 0 end
)",
       .play = one_chunk_each,
       .log = {"stream 1: request_body of 6", "write request_body 0 0 < = ok",
               "bytes request_body 0 100 = ok \"<abcdef\"", "write request_body 0 2 AB = ok",
               "bytes request_body 0 100 = ok \"ABbcdef\"", "write request_body 8 0 > = ok",
               "bytes request_body 0 100 = ok \"ABbcdef>\"", "write request_body 100 5 ! = ok",
               "bytes request_body 0 100 = ok \"ABbcdef>!\"", "stream 1: request_body of 9, the end",
               "bytes request_body 0 100 = ok \"ABbcdef>!\"", "write request_body 0 9 all = ok",
               "stream 1: response_body of 6", "write response_body 0 100 new = ok",
               "bytes response_body 0 100 = ok \"new\"", "write response_body 0 3 = ok",
               "bytes response_body 0 100 = ok \"\"", "stream 1: response_body of 0, the end",
               "write response_body 0 0 end = ok"},
       .upstream = "POST / \"all\"",
       .client = "200 \"end\""},
      {.name = "writing_in_the_middle_is_refused",
       .shows = "A write that begins within a body is BAD_ARGUMENT and changes nothing.",
       .unexpected = "The specification allows it.",
       .script = "request_body: write request_body 1 1 X; write request_body 5 1 X; bytes request_body 0 100",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abcdef");
             it.leave();
           },
       .log = {"stream 1: request_body of 6", "write request_body 1 1 X = bad_argument",
               "write request_body 5 1 X = bad_argument", "bytes request_body 0 100 = ok \"abcdef\""},
       .upstream = "POST / \"abcdef\""},
  };
}

}  // namespace wasmup::fidelity
