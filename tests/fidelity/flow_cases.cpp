// SPDX-License-Identifier: MIT
#include "cases.hpp"

namespace wasmup::fidelity {
namespace {

constexpr const char* answered =
    "http_call_response: effective stream 1; continue request; get request_headers :path\n";

/// A request whose body comes while its headers are held.
void body_comes_later(Player& it) {
  it.request("/", {}, false);
  it.request_body("abc");
  it.request_body("de");
  it.request_end();
  it.answer_call("/x", 200);
  it.respond(200);
}

void body_and_trailers_come_later(Player& it) {
  it.request("/", {}, false);
  it.request_body("abc");
  it.request_trailers({{"x-t", "1"}});
  it.answer_call("/x", 200);
  it.respond(200);
}

}  // namespace

std::vector<Case> flow_cases() {
  const std::string on_answer = answered;
  return {
      {.name = "answer_1_to_headers_holds_all",
       .shows = "Headers that are held (1) hold the body too: its callback runs once they go on, with all "
                "that came.",
       .unexpected =
           "By the specification the body's callbacks would run. Envoy has a setting for it, off by default.",
       .script =
           on_answer + "request_headers: call there /x 0; return 1\nrequest_body: get request_headers :path",
       .play = body_comes_later,
       .log = {"stream 1: request_headers", "call there /x 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers", "effective stream 1 = ok",
               "continue request = ok", "get request_headers :path = bad_argument",
               "stream 1: request_body of 5, the end", "get request_headers :path = bad_argument"},
       .upstream = "POST / \"abcde\"",
       .client = "200"},
      {.name = "answer_1_to_headers_holds_them_alone_where_envoy_is_told_so",
       .shows = "With allow_on_headers_stop_iteration the body's callbacks run, and see the headers as long "
                "as these are held.",
       .script = on_answer + "request_headers: call there /x 0; return 1\nrequest_body: get request_headers "
                             ":path; add request_headers x-a 1; return 1",
       .options = {.allow_on_headers_stop_iteration = true},
       .play = body_comes_later,
       .log = {"stream 1: request_headers", "call there /x 0 = ok", "stream 1: request_body of 3",
               "get request_headers :path = ok \"/\"", "add request_headers x-a 1 = ok",
               "stream 1: request_body of 5", "get request_headers :path = ok \"/\"",
               "add request_headers x-a 1 = ok", "stream 1: request_body of 5, the end",
               "get request_headers :path = ok \"/\"", "add request_headers x-a 1 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers", "effective stream 1 = ok",
               "continue request = ok", "get request_headers :path = bad_argument"},
       .upstream = "POST / x-a=1 x-a=1 x-a=1 \"abcde\"",
       .client = "200"},
      {.name = "a_body_let_go_takes_its_headers_with_it",
       .shows = "With that setting, a body callback that answers 0 lets the headers go too.",
       .script =
           "request_headers: return 1\nrequest_body: add request_headers x-a 1; get request_headers :path",
       .options = {.allow_on_headers_stop_iteration = true},
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abc");
             it.request_end();
             it.respond(200);
           },
       .log = {"stream 1: request_headers", "stream 1: request_body of 3", "add request_headers x-a 1 = ok",
               "get request_headers :path = ok \"/\"", "stream 1: request_body of 0, the end",
               "add request_headers x-a 1 = ok", "get request_headers :path = ok \"/\""},
       .upstream = "POST / x-a=1 \"abc\"",
       .client = "200"},
      {.name = "answers_3_and_4_to_headers_hold_all_with_either_setting",
       .shows = "3 and 4 hold headers and body, also with allow_on_headers_stop_iteration.",
       .script = "request_headers: return 3\n2 request_headers: return 4\nrequest_body:",
       .options = {.allow_on_headers_stop_iteration = true},
       .play =
           [](Player& it) {
             for (const size_t number : {1, 2}) {
               it.stream(number);
               it.request("/", {}, false);
               it.request_body("abc");
             }
           },
       .log = {"stream 1: request_headers", "stream 2: request_headers"},
       .upstream = " | ",
       .client = " | "},
      {.name = "answer_2_to_headers_goes_on",
       .shows = "2 to headers is as good as 0.",
       .script = "request_headers: return 2\nrequest_body:",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abc");
             it.request_end();
             it.respond(200);
           },
       .log = {"stream 1: request_headers", "stream 1: request_body of 3",
               "stream 1: request_body of 0, the end"},
       .upstream = "POST / \"abc\"",
       .client = "200"},
      {.name = "a_held_body_is_seen_with_its_trailers_to_come",
       .shows = "What came while all was held is seen in order: the body, not at its end when there are "
                "trailers, then these.",
       .script = on_answer + "request_headers: call there /x 0; return 1\nrequest_body:\nrequest_trailers:",
       .play = body_and_trailers_come_later,
       .log = {"stream 1: request_headers", "call there /x 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers", "effective stream 1 = ok",
               "continue request = ok", "get request_headers :path = bad_argument",
               "stream 1: request_body of 3", "stream 1: request_trailers of 1"},
       .upstream = "POST / \"abc\" + x-t=1",
       .client = "200"},
      {.name = "a_held_body_goes_on_as_it_is",
       .shows = "A body that is held (1) goes on without another callback; the request's maps are gone from "
                "then on.",
       .script = on_answer + "request_body: call there /x 0; return 1",
       .play = body_comes_later,
       .log = {"stream 1: request_body of 3", "call there /x 0 = ok", "stream 1: request_body of 5",
               "call there /x 0 = ok", "stream 1: request_body of 5, the end", "call there /x 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers", "effective stream 1 = ok",
               "continue request = ok", "get request_headers :path = bad_argument"},
       .upstream = "POST / \"abcde\"",
       .client = "200"},
      {.name = "a_buffered_body_can_be_read_and_written_until_it_goes_on",
       .shows = "From another callback, too, a body that is being gathered is at hand.",
       .script = "request_body: call there /x 0; return 1\nhttp_call_response: effective stream 1; bytes "
                 "request_body 0 100; write request_body "
                 "0 0 <; continue request; bytes request_body 0 100; write request_body 0 0 <",
       .play = body_comes_later,
       .log = {"stream 1: request_body of 3", "call there /x 0 = ok", "stream 1: request_body of 5",
               "call there /x 0 = ok", "stream 1: request_body of 5, the end", "call there /x 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers", "effective stream 1 = ok",
               "bytes request_body 0 100 = ok \"abcde\"", "write request_body 0 0 < = ok",
               "continue request = ok", "bytes request_body 0 100 = ok \"<abcde\"",
               "write request_body 0 0 < = ok"},
       .upstream = "POST / \"<<abcde\"",
       .client = "200"},
      {.name = "held_trailers_go_on",
       .shows = "Trailers that are held keep what is gathered of the body; all goes on with them.",
       .script = "request_body: return 1\nrequest_trailers: call there /x 0; return 1\nhttp_call_response: "
                 "effective stream 1; add "
                 "request_trailers x-u 2; bytes request_body 0 100; continue request",
       .play = body_and_trailers_come_later,
       .log = {"stream 1: request_body of 3", "stream 1: request_trailers of 1", "call there /x 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers", "effective stream 1 = ok",
               "add request_trailers x-u 2 = ok", "bytes request_body 0 100 = ok \"abc\"",
               "continue request = ok"},
       .upstream = "POST / \"abc\" + x-t=1 x-u=2",
       .client = "200"},
      {.name = "letting_go_twice",
       .shows = "To let go of a request or a response a second time does no harm.",
       .script = "request_body: call there /x 0; return 1\n"
                 "request_trailers: return 1\n"
                 "http_call_response: effective stream 1; continue request; continue request",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abc");
             it.request_trailers({{"x-t", "1"}});
             it.answer_call("/x", 200);
             it.respond(200);
           },
       .log = {"stream 1: request_body of 3", "call there /x 0 = ok", "stream 1: request_trailers of 1",
               "root 1: http_call_response with headers, no body, 0 trailers", "effective stream 1 = ok",
               "continue request = ok", "continue request = ok"},
       .upstream = "POST / \"abc\" + x-t=1",
       .client = "200"},
      {.name = "a_held_response_goes_on",
       .shows = "The same of responses: held whole, seen when they go on.",
       .script = "response_headers: call there /x 0; return 1\nresponse_body: get response_headers "
                 ":status\nresponse_trailers:\n"
                 "http_call_response: effective stream 1; replace response_headers x-a 2; continue response; "
                 "get response_headers x-a",
       .play =
           [](Player& it) {
             it.request("/");
             it.respond(200, {{"x-a", "1"}}, false);
             it.response_body("abc");
             it.response_trailers({{"x-t", "1"}});
             it.answer_call("/x", 200);
           },
       .log = {"stream 1: response_headers", "call there /x 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers", "effective stream 1 = ok",
               "replace response_headers x-a 2 = ok", "continue response = ok",
               "get response_headers x-a = ok \"2\"", "stream 1: response_body of 3",
               "get response_headers :status = ok \"200\"", "stream 1: response_trailers of 1"},
       .upstream = "GET /",
       .client = "200 x-a=2 \"abc\" + x-t=1"},
      {.name = "a_gathered_response_goes_on",
       .shows = "A response body answered with 1 is given whole each time, then goes on.",
       .script = "response_body: bytes response_body 0 100; call there /x 0; return 1\n"
                 "http_call_response: effective stream 1; bytes response_body 0 100; continue response",
       .play =
           [](Player& it) {
             it.request("/");
             it.respond(200, {}, false);
             it.response_body("abc");
             it.response_body("de");
             it.response_end();
             it.answer_call("/x", 200);
           },
       .log = {"stream 1: response_body of 3", "bytes response_body 0 100 = ok \"abc\"",
               "call there /x 0 = ok", "stream 1: response_body of 5",
               "bytes response_body 0 100 = ok \"abcde\"", "call there /x 0 = ok",
               "stream 1: response_body of 5, the end", "bytes response_body 0 100 = ok \"abcde\"",
               "call there /x 0 = ok", "root 1: http_call_response with headers, no body, 0 trailers",
               "effective stream 1 = ok", "bytes response_body 0 100 = ok \"abcde\"",
               "continue response = ok"},
       .upstream = "GET /",
       .client = "200 \"abcde\""},
      {.name = "a_response_body_may_change_headers_that_are_held",
       .shows = "With allow_on_headers_stop_iteration a response's headers can wait for its whole body, and "
                "be changed then.",
       .script = "response_headers: return 1\n"
                 "response_body: replace response_headers x-a 2; return 1\n"
                 "last response_body: write response_body 0 100 new; replace response_headers x-a 3",
       .options = {.allow_on_headers_stop_iteration = true},
       .play =
           [](Player& it) {
             it.request("/");
             it.respond(200, {{"x-a", "1"}}, false);
             it.response_body("abc");
             it.response_end();
           },
       .log = {"stream 1: response_headers", "stream 1: response_body of 3",
               "replace response_headers x-a 2 = ok", "stream 1: response_body of 3, the end",
               "write response_body 0 100 new = ok", "replace response_headers x-a 3 = ok"},
       .upstream = "GET /",
       .client = "200 x-a=3 \"new\""},
      {.name = "held_response_trailers_go_on",
       .shows = "Response trailers can be held and changed, too.",
       .script = "response_trailers: call there /x 0; return 1\n"
                 "http_call_response: effective stream 1; add response_trailers x-u 2; continue response",
       .play =
           [](Player& it) {
             it.request("/");
             it.respond(200, {}, false);
             it.response_body("abc");
             it.response_trailers({{"x-t", "1"}});
             it.answer_call("/x", 200);
           },
       .log = {"stream 1: response_trailers of 1", "call there /x 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers", "effective stream 1 = ok",
               "add response_trailers x-u 2 = ok", "continue response = ok"},
       .upstream = "GET /",
       .client = "200 \"abc\" + x-t=1 x-u=2"},
      {.name = "letting_go_in_the_callback_that_holds_the_headers",
       .shows =
           "A stream let go in the headers' callback that then answers 1: a message without a body goes on.",
       .script =
           "request_headers: continue request; get request_headers :path; pairs request_headers; return 1\n"
           "response_headers: continue response; get response_headers :status; return 1",
       .play = [](Player& it) { it.get_and_respond(); },
       .log = {"stream 1: request_headers, the end", "continue request = ok",
               "get request_headers :path = bad_argument", "pairs request_headers = ok none",
               "stream 1: response_headers, the end", "continue response = ok",
               "get response_headers :status = ok \"200\""},
       .upstream = "GET /",
       .client = "200"},
      {.name = "letting_go_in_the_callback_that_holds_the_headers_leaves_the_body",
       .shows = "The same of a message with a body: its headers go on, its body is held.",
       .unexpected = "Only another callback lets the body go.",
       .script = "request_headers: continue request; return 1\n2 request_headers:\nrequest_body:\n"
                 "response_headers: continue response; return 1\nresponse_body:",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abc");
             it.request_end();
             it.stream(2);
             it.request("/");
             it.respond(200, {}, false);
             it.response_body("abc");
             it.response_end();
           },
       .log = {"stream 1: request_headers", "continue request = ok", "stream 2: request_headers, the end",
               "stream 2: response_headers", "continue response = ok"},
       .upstream = "POST / | GET /",
       .client = " | 200"},
      {.name = "letting_go_in_the_callback_that_holds_a_body",
       .shows = "In a body's callback what was held before goes on, with the chunk that came; held is then "
                "what comes next.",
       .script = "request_body: continue request; return 1\nresponse_body: continue response; return 1",
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
       .log = {"stream 1: request_body of 3", "continue request = ok", "stream 1: request_body of 5",
               "continue request = ok", "stream 1: request_body of 0, the end", "continue request = ok",
               "stream 1: response_body of 1", "continue response = ok",
               "stream 1: response_body of 1, the end", "continue response = ok"},
       .upstream = "POST / \"abcde\"",
       .client = "200 \"f\""},
      {.name = "letting_go_what_is_not_held",
       .shows = "continue_stream answers OK also when nothing is held, and takes the request's maps away; "
                "upstream is "
                "UNIMPLEMENTED, what is no stream BAD_ARGUMENT. For a root it does nothing.",
       .script =
           "request_headers: continue upstream; continue wrong; close wrong; continue downstream; get "
           "request_headers :path; "
           "continue request; get request_headers :path\nresponse_headers: continue request\n"
           "log: continue request; continue response\ndone: continue request\ndelete: continue response\n"
           "configure: continue request; close request; reply 403 no",
       .play = [](Player& it) { it.get_and_respond(); },
       .start = {"root 1: configure", "continue request = ok", "close request = ok", "reply 403 no = ok"},
       .log = {"stream 1: request_headers, the end", "continue upstream = unimplemented",
               "continue wrong = bad_argument", "close wrong = bad_argument", "continue downstream = ok",
               "get request_headers :path = ok \"/\"", "continue request = ok",
               "get request_headers :path = bad_argument", "stream 1: response_headers, the end",
               "continue request = ok", "stream 1: log", "continue request = ok", "continue response = ok",
               "stream 1: done", "continue request = ok", "stream 1: delete", "continue response = ok"},
       .upstream = "GET /",
       .client = "200"},
      {.name = "letting_a_response_go_that_has_not_begun",
       .shows = "Letting go of a response that has not begun ends Envoy as a whole.",
       .unexpected = "By the specification it would do nothing.",
       .script = "request_headers: continue response",
       .play = [](Player& it) { it.request("/"); },
       .crashes = true},
      {.name = "letting_a_response_go_that_is_not_held",
       .shows = "So does letting go of response headers in their callback, when that answers 0.",
       .unexpected = "By the specification it would do nothing.",
       .script = "response_headers: continue response",
       .play = [](Player& it) { it.get_and_respond(); },
       .crashes = true},
      {.name = "a_held_request_ends_with_its_client",
       .shows = "A stream whose client goes while it is held is logged, done and deleted.",
       .script = "request_headers: return 1\nlog: get request_headers :path; get response_headers "
                 ":status\ndone:\ndelete:",
       .play =
           [](Player& it) {
             it.request("/a");
             it.leave();
           },
       .log = {"stream 1: request_headers, the end", "stream 1: log", "get request_headers :path = ok \"/a\"",
               "get response_headers :status = not_found", "stream 1: done", "stream 1: delete"}},
  };
}

}  // namespace wasmup::fidelity
