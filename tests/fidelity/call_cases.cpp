// SPDX-License-Identifier: MIT
#include "cases.hpp"

namespace wasmup::fidelity {
namespace {

const std::string hold = "request_headers: call there /x 0; return 1\n";

}  // namespace

std::vector<Case> call_cases() {
  return {
      {.name = "an_answer_is_read_from_the_root_and_acts_on_the_stream",
       .shows =
           "A call-out's answer comes to the root, with the call's maps and body at hand whatever context is "
           "effective; the stream that asked is reached by making it the effective one.",
       .script = hold + R"(
http_call_response: get call_headers :status; pairs call_headers; bytes call_body 0 100; pairs call_trailers; get call_trailers x-t; size call_headers; add call_headers x-a 1; set call_trailers x-a=1; get request_headers :path; effective stream 1; get request_headers :path; replace request_headers x-a 1; get call_headers :status; bytes call_body 0 100; continue request; get call_headers :status
)",
       .play =
           [](Player& it) {
             it.request("/a");
             it.answer_call("/x", 200, "yes", {{"x-t", "1"}});
             it.respond(200);
           },
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok",
               "root 1: http_call_response with headers, a body, 1 trailers",
               "get call_headers :status = ok \"200\"", "pairs call_headers = ok as announced",
               "bytes call_body 0 100 = ok \"yes\"", "pairs call_trailers = ok 1",
               "get call_trailers x-t = ok \"1\"", "size call_headers = bad_argument",
               "add call_headers x-a 1 = bad_argument", "set call_trailers x-a=1 = bad_argument",
               "get request_headers :path = bad_argument", "effective stream 1 = ok",
               "get request_headers :path = ok \"/a\"", "replace request_headers x-a 1 = ok",
               "get call_headers :status = ok \"200\"", "bytes call_body 0 100 = ok \"yes\"",
               "continue request = ok", "get call_headers :status = ok \"200\""},
       .upstream = "GET /a x-a=1",
       .client = "200"},
      {.name = "an_answer_without_body_and_trailers",
       .shows = "What an answer does not have reads as empty.",
       .script = hold +
                 "http_call_response: bytes call_body 0 100; buffer_size call_body; pairs call_trailers; "
                 "get call_trailers x-t; write call_body 0 0 x; effective stream 1; reply 403 no",
       .play =
           [](Player& it) {
             it.request("/a");
             it.answer_call("/x", 403);
           },
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers",
               "bytes call_body 0 100 = ok \"\"", "buffer_size call_body = ok 0, flags 0",
               "pairs call_trailers = ok none", "get call_trailers x-t = bad_argument",
               "write call_body 0 0 x = bad_argument", "effective stream 1 = ok", "reply 403 no = ok"},
       .client = "403 \"no\""},
      {.name = "calls_that_are_refused",
       .shows =
           "An unknown cluster, a missing pseudo-header and a time-out of 2^31 or more are BAD_ARGUMENT.",
       .script = R"(
request_headers: call nowhere /x 0; call there /x 0 :method=GET :authority=a; call there /x 0 :path=/ :authority=a; call there /x 0 :method=GET :path=/; call there /x 2147483648; call there /x 4294967295
http_call_response:
)",
       .play = [](Player& it) { it.get_and_respond(); },
       .log = {"stream 1: request_headers, the end", "call nowhere /x 0 = bad_argument",
               "call there /x 0 :method=GET :authority=a = bad_argument",
               "call there /x 0 :path=/ :authority=a = bad_argument",
               "call there /x 0 :method=GET :path=/ = bad_argument",
               "call there /x 2147483648 = bad_argument", "call there /x 4294967295 = bad_argument"},
       .upstream = "GET /",
       .client = "200"},
      {.name = "a_call_that_takes_too_long_is_a_504",
       .shows = "A time-out is an answer that Envoy makes: 504, with a body; get_status tells of nothing.",
       .script = "request_headers: call there /x 100; return 1\nhttp_call_response: get call_headers "
                 ":status; bytes call_body 0 100; get call_headers content-type; get call_headers "
                 "content-length; call_status; effective stream 1; continue request",
       .play =
           [](Player& it) {
             it.request("/a");
             it.until("continue request = ok");
             it.respond(200);
           },
       .log = {"stream 1: request_headers, the end", "call there /x 100 = ok",
               "root 1: http_call_response with headers, a body, 0 trailers",
               "get call_headers :status = ok \"504\"",
               "bytes call_body 0 100 = ok \"upstream request timeout\"",
               "get call_headers content-type = ok \"text/plain\"",
               "get call_headers content-length = ok \"24\"", "call_status = ok \"0 \"",
               "effective stream 1 = ok", "continue request = ok"},
       .upstream = "GET /a",
       .client = "200"},
      {.name = "a_call_to_where_nobody_listens_is_a_503",
       .shows = "So is a refused connection: 503.",
       .script = "request_headers: call away /x 0; return 1\nhttp_call_response: get call_headers :status; "
                 "bytes call_body 0 22; call_status; effective stream 1; continue request",
       .play =
           [](Player& it) {
             it.request("/a");
             it.refuse_call("/x");
             it.until("continue request = ok");
             it.respond(200);
           },
       .log = {"stream 1: request_headers, the end", "call away /x 0 = ok",
               "root 1: http_call_response with headers, a body, 0 trailers",
               "get call_headers :status = ok \"503\"",
               "bytes call_body 0 22 = ok \"upstream connect error\"", "call_status = ok \"0 \"",
               "effective stream 1 = ok", "continue request = ok"},
       .upstream = "GET /a",
       .client = "200"},
      {.name = "a_call_that_breaks_has_no_headers",
       .shows = "An answer cut in its middle is a failure: no headers at all, and get_status gives 11 and "
                "\"reset\" in its callback.",
       .unexpected = "The root keeps the 11 for good, also while a later call-out succeeds.",
       .script = "request_headers: call there /x 0; call_status; return 1\nhttp_call_response: get "
                 "call_headers :status; pairs call_headers; bytes call_body 0 100; call_status; effective "
                 "stream 1; call_status; continue request\n"
                 "response_headers: call_status\n2 request_headers: call_status; call there /y 0; return 1",
       .play =
           [](Player& it) {
             it.request("/a");
             it.break_call("/x");
             it.until("continue request = ok");
             it.respond(200);
             it.stream(2);
             it.request("/b");
             it.answer_call("/y", 200, "yes");
           },
       .log = {"stream 1: request_headers, the end",
               "call there /x 0 = ok",
               "call_status = ok \"0 \"",
               "root 1: http_call_response without headers, no body, 0 trailers",
               "get call_headers :status = bad_argument",
               "pairs call_headers = ok none",
               "bytes call_body 0 100 = not_found",
               "call_status = ok \"11 reset\"",
               "effective stream 1 = ok",
               "call_status = ok \"11 reset\"",
               "continue request = ok",
               "stream 1: response_headers, the end",
               "call_status = ok \"11 \"",
               "stream 2: request_headers, the end",
               "call_status = ok \"11 \"",
               "call there /y 0 = ok",
               "root 1: http_call_response with headers, a body, 0 trailers",
               "get call_headers :status = ok \"200\"",
               "pairs call_headers = ok as announced",
               "bytes call_body 0 100 = ok \"yes\"",
               "call_status = ok \"11 \"",
               "effective stream 1 = bad_argument",
               "call_status = ok \"11 \"",
               "continue request = ok"},
       .upstream = "GET /a | ",
       .client = "200 | "},
      {.name = "an_answer_outlives_its_stream",
       .shows = "An answer comes though its stream has gone; making that effective is then BAD_ARGUMENT, and "
                "acts on the root.",
       .script = hold + "delete:\nhttp_call_response: get call_headers :status; effective stream 1; continue "
                        "request; effective stream 99; get request_headers :path",
       .play =
           [](Player& it) {
             it.request("/a");
             it.leave();
             it.until("stream 1: delete");
             it.answer_call("/x", 200, "yes");
           },
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok", "stream 1: delete",
               "root 1: http_call_response with headers, a body, 0 trailers",
               "get call_headers :status = ok \"200\"", "effective stream 1 = bad_argument",
               "continue request = ok", "effective stream 99 = bad_argument",
               "get request_headers :path = bad_argument"}},
      {.name = "a_call_made_at_the_end_of_a_stream_is_answered",
       .shows = "A call-out can be made in on_log, on_done and on_delete.",
       .script = "log: call there /x 0\n"
                 "delete: call there /y 0\n"
                 "http_call_response: get call_headers :status",
       .play =
           [](Player& it) {
             it.get_and_respond();
             it.answer_call("/x", 200);
             it.until("get call_headers :status = ok \"200\"");
             it.answer_call("/y", 201);
           },
       .log = {"stream 1: log", "call there /x 0 = ok", "stream 1: delete", "call there /y 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers",
               "get call_headers :status = ok \"200\"",
               "root 1: http_call_response with headers, no body, 0 trailers",
               "get call_headers :status = ok \"201\""},
       .upstream = "GET /",
       .client = "200"},
      {.name = "a_root_that_is_not_done_gets_its_answers",
       .shows = "A root that is not done yet may wait for an answer.",
       .script = "request_headers:\n"
                 "served done: call there /x 0; return 0\n"
                 "served http_call_response: done\n"
                 "served delete:",
       .play =
           [](Player& it) {
             it.get_and_respond();
             it.reconfigure("request_headers:");
             it.answer_call("/x", 200);
             it.until("root 1: delete");
           },
       .log = {"stream 1: request_headers, the end", "root 1: done", "call there /x 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers", "done = ok", "root 1: delete"},
       .upstream = "GET /",
       .client = "200"},
      {.name = "a_root_takes_its_calls_with_it",
       .shows = "Calls that wait when their root is deleted are given up, without a word.",
       .script = "request_headers: call there /x 0\n"
                 "http_call_response:\n"
                 "served delete:",
       .play =
           [](Player& it) {
             it.get_and_respond();
             it.reconfigure("request_headers:");
             it.until("root 1: delete");
           },
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok", "root 1: delete"},
       .upstream = "GET /",
       .client = "200"},
      {.name = "the_effective_context_lasts_as_long_as_its_callback",
       .shows = "Another stream can be made effective, 0 is a way back, and the next callback begins with "
                "its own again.",
       .script = R"(
1 request_headers: return 1
2 request_headers: effective stream 1; get request_headers :path; replace request_headers x-a 1; effective none; get request_headers :path; effective stream 1; continue request
2 response_headers: get response_headers x-b
)",
       .play =
           [](Player& it) {
             it.request("/a");
             it.stream(2);
             it.request("/b");
             it.stream(1);
             it.respond(200);
             it.stream(2);
             it.respond(200, {{"x-b", "2"}});
           },
       .log = {"stream 1: request_headers, the end", "stream 2: request_headers, the end",
               "effective stream 1 = ok", "get request_headers :path = ok \"/a\"",
               "replace request_headers x-a 1 = ok", "effective none = ok",
               "get request_headers :path = ok \"/b\"", "effective stream 1 = ok", "continue request = ok",
               "stream 2: response_headers, the end", "get response_headers x-b = ok \"2\""},
       .upstream = "GET /a x-a=1 | GET /b",
       .client = "200 | 200 x-b=2"},
      {.name = "a_root_can_be_made_effective",
       .shows = "A stream may act as its root: then it has no maps.",
       .script = "request_headers: effective root 1; get request_headers :path; bytes plugin_configuration 0 "
                 "3; effective none; get request_headers :path",
       .play = [](Player& it) { it.get_and_respond("/a"); },
       .log = {"stream 1: request_headers, the end", "effective root 1 = ok",
               "get request_headers :path = bad_argument", "bytes plugin_configuration 0 3 = not_found",
               "effective none = ok", "get request_headers :path = ok \"/a\""},
       .upstream = "GET /a",
       .client = "200"},
      {.name = "several_calls_are_answered_in_any_order",
       .shows = "Each answer is told by itself, as it comes.",
       .script = "request_headers: call there /x 0; call there /y 0; return 1\nhttp_call_response: bytes "
                 "call_body 0 100",
       .play =
           [](Player& it) {
             it.request("/a");
             it.answer_call("/y", 200, "second");
             it.until("bytes call_body 0 100 = ok \"second\"");
             it.answer_call("/x", 200, "first");
           },
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok", "call there /y 0 = ok",
               "root 1: http_call_response with headers, a body, 0 trailers",
               "bytes call_body 0 100 = ok \"second\"",
               "root 1: http_call_response with headers, a body, 0 trailers",
               "bytes call_body 0 100 = ok \"first\""}},
      {.name = "an_answer_lets_a_body_and_trailers_go",
       .shows = "A body and its trailers wait for a call-out made in on_request_body.",
       .script = "request_body: call there /x 0; return 1\nrequest_trailers: return 1\nhttp_call_response: "
                 "effective stream 1; get request_trailers x-t; bytes request_body 0 100; continue request",
       .play =
           [](Player& it) {
             it.request("/a", {}, false);
             it.request_body("abc");
             it.request_trailers({{"x-t", "1"}});
             it.answer_call("/x", 200);
             it.respond(200);
           },
       .log = {"stream 1: request_body of 3", "call there /x 0 = ok", "stream 1: request_trailers of 1",
               "root 1: http_call_response with headers, no body, 0 trailers", "effective stream 1 = ok",
               "get request_trailers x-t = ok \"1\"", "bytes request_body 0 100 = ok \"abc\"",
               "continue request = ok"},
       .upstream = "POST /a \"abc\" + x-t=1",
       .client = "200"},
  };
}

}  // namespace wasmup::fidelity
