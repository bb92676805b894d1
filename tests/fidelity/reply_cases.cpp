// SPDX-License-Identifier: MIT
#include "cases.hpp"

namespace wasmup::fidelity {
namespace {

void whole_request(Player& it) {
  it.request("/", {}, false);
  it.request_body("abc");
  it.request_end();
}

}  // namespace

std::vector<Case> reply_cases() {
  return {
      {.name = "a_reply_overrides_the_callbacks_answer",
       .shows = "After a local reply the request goes no further, though the callback answers 0; the reply "
                "passes the "
                "module's own response callbacks.",
       .script = R"(
request_headers: reply 403 no x-a=1; reply 200 yes; get request_headers :path; add request_headers x-b 1; return 0
request_body:
response_headers: get response_headers :status; get response_headers content-length; get response_headers content-type; get request_headers :path; add response_headers x-c 1
response_body: bytes response_body 0 100
log: get response_headers :status
)",
       .play = whole_request,
       .log = {"stream 1: request_headers", "reply 403 no x-a=1 = ok", "reply 200 yes = ok",
               "get request_headers :path = ok \"/\"", "add request_headers x-b 1 = ok",
               "stream 1: response_headers", "get response_headers :status = ok \"403\"",
               "get response_headers content-length = ok \"2\"",
               "get response_headers content-type = ok \"text/plain\"",
               "get request_headers :path = ok \"/\"", "add response_headers x-c 1 = ok",
               "stream 1: response_body of 2, the end", "bytes response_body 0 100 = ok \"no\"",
               "stream 1: log", "get response_headers :status = ok \"403\""},
       .client = "403 x-a=1 x-c=1 \"no\""},
      {.name = "a_reply_without_a_body",
       .shows = "A reply without a body is a response of headers alone.",
       .script = "request_headers: reply 204\nresponse_headers: get response_headers "
                 "content-length\nresponse_body:",
       .play = [](Player& it) { it.request("/"); },
       .log = {"stream 1: request_headers, the end", "reply 204 = ok", "stream 1: response_headers, the end",
               "get response_headers content-length = not_found"},
       .client = "204"},
      {.name = "a_reply_keeps_its_status_and_length",
       .shows = "Headers of a reply can name a content type, but neither another status nor another length.",
       .script = "request_headers: reply 403 no :status=200 content-length=9 content-type=text/html\n"
                 "response_headers: get response_headers :status; get response_headers content-length; get "
                 "response_headers content-type",
       .play = [](Player& it) { it.request("/"); },
       .log = {"stream 1: request_headers, the end",
               "reply 403 no :status=200 content-length=9 content-type=text/html = ok",
               "stream 1: response_headers", "get response_headers :status = ok \"403\"",
               "get response_headers content-length = ok \"2\"",
               "get response_headers content-type = ok \"text/html\""},
       .client = "403 \"no\""},
      {.name = "a_reply_from_a_body_callback",
       .shows = "As long as no response has begun, a reply can still be sent, if the request's headers are "
                "out already.",
       .script = "request_body: reply 413 long; return 0\nresponse_headers: get response_headers "
                 ":status\nlog:\ndelete:",
       .play = whole_request,
       .log = {"stream 1: request_body of 3", "reply 413 long = ok", "stream 1: response_headers",
               "get response_headers :status = ok \"413\"", "stream 1: log", "stream 1: delete"},
       .upstream = "POST /",
       .client = "413 \"long\""},
      {.name = "a_reply_in_place_of_trailers",
       .shows = "In the callback of request trailers the same holds.",
       .script = "request_trailers: reply 403 no\n"
                 "response_headers: get response_headers :status",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abc");
             it.request_trailers({{"x-t", "1"}});
           },
       .log = {"stream 1: request_trailers of 1", "reply 403 no = ok", "stream 1: response_headers",
               "get response_headers :status = ok \"403\""},
       .upstream = "POST / \"abc\"",
       .client = "403 \"no\""},
      {.name = "a_reply_to_a_held_request",
       .shows = "A reply from another callback answers a request that is held.",
       .script = "request_headers: call there /x 0; return 1\nrequest_body:\nhttp_call_response: effective "
                 "stream 1; reply 202 late\nresponse_headers:\nlog:",
       .play =
           [](Player& it) {
             whole_request(it);
             it.answer_call("/x", 200);
           },
       .log = {"stream 1: request_headers", "call there /x 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers", "effective stream 1 = ok",
               "reply 202 late = ok", "stream 1: response_headers", "stream 1: log"},
       .client = "202 \"late\""},
      {.name = "a_second_reply_to_a_held_request_takes_its_place",
       .shows = "Of two replies to a request that is held the client gets the second; the module's response "
                "callbacks see the first.",
       .unexpected = "In a callback of the request itself the first one counts.",
       .script = "request_headers: call there /x 0; return 1\n"
                 "http_call_response: effective stream 1; reply 403 no; reply 404 oh\n"
                 "response_headers: get response_headers :status\n"
                 "log: get response_headers :status",
       .play =
           [](Player& it) {
             it.request("/");
             it.answer_call("/x", 200);
           },
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers", "effective stream 1 = ok",
               "reply 403 no = ok", "reply 404 oh = ok", "stream 1: response_headers",
               "get response_headers :status = ok \"403\"", "stream 1: log",
               "get response_headers :status = ok \"404\""},
       .client = "404 \"oh\""},
      {.name = "a_reply_to_a_reply",
       .shows = "While a reply passes the module's on_response_headers, another one takes its place, past "
                "the module.",
       .script = "request_headers: reply 403 no\n"
                 "response_headers: reply 500 oh\n"
                 "response_body:\n"
                 "log: get response_headers :status",
       .play = [](Player& it) { it.request("/"); },
       .log = {"stream 1: request_headers, the end", "reply 403 no = ok", "stream 1: response_headers",
               "reply 500 oh = ok", "stream 1: log", "get response_headers :status = ok \"500\""},
       .client = "500 \"oh\""},
      {.name = "a_reply_can_be_held",
       .shows = "A reply can be held in on_response_headers, as any response.",
       .script = "request_headers: call there /x 0; reply 403 no\n"
                 "response_headers: return 1\n"
                 "response_body:\n"
                 "http_call_response: effective stream 1; continue response",
       .play =
           [](Player& it) {
             it.request("/");
             it.answer_call("/x", 200);
           },
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok", "reply 403 no = ok",
               "stream 1: response_headers", "root 1: http_call_response with headers, no body, 0 trailers",
               "effective stream 1 = ok", "continue response = ok", "stream 1: response_body of 2, the end"},
       .client = "403 \"no\""},
      {.name = "a_reply_to_a_reply_that_is_held",
       .shows = "Another reply takes the place of one that is held.",
       .script = "request_headers: call there /x 0; reply 403 no\n"
                 "response_headers: return 1\n"
                 "http_call_response: effective stream 1; reply 500 oh\n"
                 "log: get response_headers :status",
       .play =
           [](Player& it) {
             it.request("/");
             it.answer_call("/x", 200);
           },
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok", "reply 403 no = ok",
               "stream 1: response_headers", "root 1: http_call_response with headers, no body, 0 trailers",
               "effective stream 1 = ok", "reply 500 oh = ok", "stream 1: log",
               "get response_headers :status = ok \"500\""},
       .client = "500 \"oh\""},
      {.name = "a_reply_in_the_body_of_a_reply",
       .shows = "Once a reply's headers are out, another one cuts the stream.",
       .script = "request_headers: reply 403 no\n"
                 "response_body: reply 500 oh\n"
                 "log: get response_headers :status",
       .play = [](Player& it) { it.request("/"); },
       .log = {"stream 1: request_headers, the end", "reply 403 no = ok",
               "stream 1: response_body of 2, the end", "reply 500 oh = ok", "stream 1: log",
               "get response_headers :status = ok \"403\""},
       .client = "403 cut"},
      {.name = "a_reply_while_the_response_has_come",
       .shows = "In on_response_headers a reply takes the response's place, past this module's callbacks.",
       .script = "response_headers: reply 502 bad x-a=1; add response_headers x-b 1; return "
                 "0\nresponse_body:\nlog: get response_headers :status; get response_headers x-a",
       .play =
           [](Player& it) {
             it.request("/");
             it.respond(200, {{"x-c", "1"}}, false);
             it.response_body("abc");
             it.response_end();
           },
       .log = {"stream 1: response_headers", "reply 502 bad x-a=1 = ok", "add response_headers x-b 1 = ok",
               "stream 1: log", "get response_headers :status = ok \"502\"",
               "get response_headers x-a = ok \"1\""},
       .upstream = "GET /",
       .client = "502 x-a=1 \"bad\""},
      {.name = "a_reply_once_the_response_has_gone",
       .shows = "When response headers are out, a reply is OK and cuts the stream.",
       .script = "response_body: reply 502 bad; return 0\nlog: get response_headers :status\ndelete:",
       .play =
           [](Player& it) {
             it.request("/");
             it.respond(200, {{"x-c", "1"}}, false);
             it.response_body("abc");
           },
       .log = {"stream 1: response_body of 3", "reply 502 bad = ok", "stream 1: log",
               "get response_headers :status = ok \"200\"", "stream 1: delete"},
       .upstream = "GET /",
       .client = "200 x-c=1 cut"},
      {.name = "a_reply_in_place_of_response_trailers",
       .shows = "So it does in the callback of response trailers.",
       .script = "response_trailers: reply 502 bad\n"
                 "delete:",
       .play =
           [](Player& it) {
             it.request("/");
             it.respond(200, {}, false);
             it.response_body("abc");
             it.response_trailers({{"x-t", "1"}});
           },
       .log = {"stream 1: response_trailers of 1", "reply 502 bad = ok", "stream 1: delete"},
       .upstream = "GET /",
       .client = "200 \"abc\" cut"},
      {.name = "a_reply_while_a_response_is_gathered",
       .shows = "A reply while the response's headers are still held takes its place.",
       .script = "response_headers: return 1\nresponse_body: reply 502 bad; return 0\nlog: get "
                 "response_headers :status\ndelete:",
       .options = {.allow_on_headers_stop_iteration = true},
       .play =
           [](Player& it) {
             it.request("/");
             it.respond(200, {{"x-c", "1"}}, false);
             it.response_body("abc");
           },
       .log = {"stream 1: response_headers", "stream 1: response_body of 3", "reply 502 bad = ok",
               "stream 1: log", "get response_headers :status = ok \"502\"", "stream 1: delete"},
       .upstream = "GET /",
       .client = "502 \"bad\""},
      {.name = "two_replies_to_a_response",
       .shows = "Two replies in one callback of a response end Envoy as a whole.",
       .unexpected = "Nothing of the kind is said in the specification.",
       .script = "response_headers: reply 502 bad; reply 503 worse",
       .play = [](Player& it) { it.get_and_respond(); },
       .crashes = true},
      {.name = "a_reply_in_a_log",
       .shows = "A local reply from on_log ends Envoy as a whole.",
       .unexpected = "Nothing of the kind is said in the specification.",
       .script = "log: reply 500 late",
       .play = [](Player& it) { it.get_and_respond(); },
       .crashes = true},
      {.name = "a_reply_at_the_end",
       .shows = "So does one from on_done.",
       .unexpected = "Nothing of the kind is said in the specification.",
       .script = "done: reply 500 late",
       .play = [](Player& it) { it.get_and_respond(); },
       .crashes = true},
      {.name = "a_reset_in_a_log",
       .shows = "Closing a stream in on_log ends Envoy as a whole.",
       .unexpected = "Nothing of the kind is said in the specification.",
       .script = "log: close request",
       .play = [](Player& it) { it.get_and_respond(); },
       .crashes = true},
      {.name = "a_reset_at_the_end",
       .shows = "So does closing it in on_delete.",
       .unexpected = "Nothing of the kind is said in the specification.",
       .script = "delete: close response",
       .play = [](Player& it) { it.get_and_respond(); },
       .crashes = true},
      {.name = "two_resets",
       .shows = "So does closing a stream twice in one callback.",
       .unexpected = "Nothing of the kind is said in the specification.",
       .script = "response_headers: close response; close response",
       .play = [](Player& it) { it.get_and_respond(); },
       .crashes = true},
      {.name = "a_reset_after_a_reply",
       .shows = "So does closing one that has just been answered in a callback of its response.",
       .unexpected = "Nothing of the kind is said in the specification.",
       .script = "response_headers: reply 502 bad; close response",
       .play = [](Player& it) { it.get_and_respond(); },
       .crashes = true},
      {.name = "a_request_is_reset",
       .shows = "Closing the request stream cuts the connection, whatever the callback answers.",
       .script = "request_headers: close request; return 0\nlog: get request_headers :path; get "
                 "response_headers :status\ndelete:",
       .play = [](Player& it) { it.request("/a"); },
       .log = {"stream 1: request_headers, the end", "close request = ok", "stream 1: log",
               "get request_headers :path = ok \"/a\"", "get response_headers :status = not_found",
               "stream 1: delete"},
       .client = "cut"},
      {.name = "a_request_that_is_answered_and_reset",
       .shows = "In a callback of the request, a reset comes before the reply: the client gets nothing.",
       .script = "request_headers: reply 403 no; close request\n"
                 "response_headers:\n"
                 "delete:",
       .play = [](Player& it) { it.request("/"); },
       .log = {"stream 1: request_headers, the end", "reply 403 no = ok", "close request = ok",
               "stream 1: delete"},
       .client = "cut"},
      {.name = "a_response_is_reset",
       .shows = "Closing the response stream does the same.",
       .script = "response_headers: close response; return 0\nlog: get response_headers :status\ndelete:",
       .play =
           [](Player& it) {
             it.request("/");
             it.respond(200, {}, false);
           },
       .log = {"stream 1: response_headers", "close response = ok", "stream 1: log",
               "get response_headers :status = ok \"200\"", "stream 1: delete"},
       .upstream = "GET /",
       .client = "cut"},
      {.name = "a_stream_is_reset_once_its_response_has_begun",
       .shows = "Cut in its body, a response that has begun stays unfinished.",
       .script = "response_body: close response; return 1\ndelete:",
       .play =
           [](Player& it) {
             it.request("/");
             it.respond(200, {{"x-a", "1"}}, false);
             it.response_body("abc");
           },
       .log = {"stream 1: response_body of 3", "close response = ok", "stream 1: delete"},
       .upstream = "GET /",
       .client = "200 x-a=1 cut"},
  };
}

}  // namespace wasmup::fidelity
