package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.ringcast.config.Dialect;
import io.ringcast.config.SubscriptionMethod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Streams of events of any subscribe method, in any dialect: the same bytes as on a WebSocket. */
class DialectSseIT
{
    private static final String ACCOUNT = "[\"4oFjFiZ\",{\"encoding\":\"base64\"}]";

    private final List<HttpTalk> talks = new ArrayList<>();
    private TestBed bed;

    @AfterEach
    void stop()
    {
        talks.forEach(HttpTalk::close);
        bed.close();
    }

    @Test
    void shouldStreamEachMethodOfSolanaUnderItsOwnName() throws IOException
    {
        start(Dialect.SOLANA);
        bed.upstream().on("slotSubscribe", request -> request.answer("71"));
        bed.upstream().on("accountSubscribe", request -> request.answer("72"));
        final RawClient other = bed.client();
        final HttpTalk stream = open("?sub=slotSubscribe&sub=accountSubscribe&params=" + encoded(ACCOUNT), "");
        final String start = next(stream);
        final String slotAnswer = other.call(call(1, "slotSubscribe", "[]"));
        other.answerPing();
        final String accountAnswer = other.call(call(2, "accountSubscribe", ACCOUNT));
        other.answerPing();
        assertTrue(start.contains("data: " + slotAnswer + "\n"), start);
        assertTrue(start.contains("data: " + accountAnswer + "\n"), start);

        push("{\"jsonrpc\":\"2.0\",\"method\":\"slotNotification\",\"params\":{\"result\":{\"parent\":1,\"root\":0," +
            "\"slot\":2},\"subscription\":71}}");
        assertEvent("slotNotification", other.readText(), next(stream));
        push("{\"jsonrpc\":\"2.0\",\"method\":\"accountNotification\",\"params\":{\"result\":{" +
            "\"context\":{\"slot\":2},\"value\":{\"lamports\":" + "9".repeat(200) + "}},\"subscription\":72}}");
        assertEvent("accountNotification", other.readText(), next(stream));
        assertTrue(HttpTalk.get(bed.address(), "/").text().contains("\"doors\":[\"websocket\",\"http\",\"sse\"]"));
    }

    @Test
    void shouldGoOnBehindTheLastEventGivenParamsOrNone() throws IOException
    {
        start(Dialect.SOLANA);
        bed.upstream().on("slotSubscribe", request -> request.answer("71"));
        final HttpTalk first = open("?sub=slotSubscribe", "");
        next(first);
        final HttpTalk other = open("?sub=slotSubscribe&params=" + encoded("[ ]"), "");
        next(other);
        for (int slot = 1; slot <= 3; slot++)
        {
            push("{\"jsonrpc\":\"2.0\",\"method\":\"slotNotification\",\"params\":{\"result\":{\"slot\":" + slot +
                "},\"subscription\":71}}");
            next(other);
        }
        final String last = next(first).lines().findFirst().orElseThrow().substring(4);

        final HttpTalk again = open("?sub=slotSubscribe", "Last-Event-ID: " + last + "\r\n");
        final StringBuilder missed = new StringBuilder();
        while (!missed.toString().contains("{\"slot\":3}"))
        {
            missed.append(next(again));
        }
        assertFalse(missed.toString().contains("gap"), missed.toString());
        assertFalse(missed.toString().contains("{\"slot\":1}"), missed.toString());
        assertTrue(missed.toString().contains("{\"slot\":2}"), missed.toString());
    }

    /** It is a member of params there that says so, and it is an event by the same name. */
    @Test
    void shouldTellTheErrorThatEndsASubscriptionOfSubstrate() throws IOException
    {
        start(Dialect.SUBSTRATE);
        bed.upstream().on("author_submitAndWatchExtrinsic", request -> request.answer("\"AbCdEfGhIjKlMnOp\""));
        final String params = "[\"0x0102\"]";
        final HttpTalk stream = open("?sub=author_submitAndWatchExtrinsic&params=" + encoded(params), "");
        next(stream);
        final RawClient other = bed.client();
        other.call(call(1, "author_submitAndWatchExtrinsic", params));
        other.answerPing();
        push("{\"jsonrpc\":\"2.0\",\"method\":\"author_extrinsicUpdate\",\"params\":{\"subscription\":" +
            "\"AbCdEfGhIjKlMnOp\",\"result\":\"ready\"}}");
        assertEvent("author_extrinsicUpdate", other.readText(), next(stream));

        bed.upstream().session().closeWith(1001);

        final String error = other.readText();
        assertTrue(error.contains("\"error\":{"), error);
        assertEvent("author_extrinsicUpdate", error, next(stream));
    }

    @Test
    void shouldTellThisProcessOfSuchAnErrorAsOfNoItem() throws Exception
    {
        start(Dialect.SUBSTRATE);
        bed.upstream().on("author_submitAndWatchExtrinsic", request -> request.answer("\"AbCdEfGhIjKlMnOp\""));
        final List<String> items = new CopyOnWriteArrayList<>();
        final CompletableFuture<String> end = new CompletableFuture<>();
        final LocalSubscription local = bed.relay().subscribe(
            "main", "author_submitAndWatchExtrinsic", "[\"0x0102\"]", new ItemListener()
            {
                @Override
                public void onItem(final long sequence, final ByteBuf bytes, final int offset, final int lengthBytes)
                {
                    items.add(bytes.toString(offset, lengthBytes, StandardCharsets.UTF_8));
                }

                @Override
                public void onEnd(final String notification)
                {
                    end.complete(notification);
                }
            });
        local.granted().toCompletableFuture().get(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS);
        push("{\"jsonrpc\":\"2.0\",\"method\":\"author_extrinsicUpdate\",\"params\":{\"subscription\":" +
            "\"AbCdEfGhIjKlMnOp\",\"result\":\"ready\"}}");
        TestBed.await("the item", () -> items.size() == 1);

        bed.upstream().session().closeWith(1001);

        assertTrue(end.get(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS)
            .startsWith("{\"jsonrpc\":\"2.0\",\"method\":\"author_extrinsicUpdate\",\"params\":{\"subscription\":"));
        assertTrue(end.get().contains(",\"error\":{\"code\":-32070,"), end.get());
        assertEquals(List.of("\"ready\""), items);
    }

    @Test
    void shouldStreamTheVersionsOfDiemAsAnswersWithoutAName() throws IOException
    {
        start(Dialect.DIEM);
        bed.upstream().on("subscribe_to_transactions",
            request -> request.answer("{\"status\":\"OK\",\"transaction_version\":0}"));
        final String params = "{\"starting_version\":0}";
        final HttpTalk stream = open("?sub=subscribe_to_transactions&params=" + encoded(params), "");
        next(stream);
        final RawClient other = bed.client();
        other.call(call(1, "subscribe_to_transactions", params));
        other.answerPing();
        final String id = lastCallId();
        push("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"version\":0,\"hash\":\"a\"}}");

        assertEvent(null, other.readText(), next(stream));
    }

    @Test
    void shouldTakeAnyMethodAndFilterOfEthereumByItsParams() throws IOException
    {
        start(Dialect.ETHEREUM);
        final HttpTalk byName = open("?sub=logs&address=0x" + "ab".repeat(20), "");
        final HttpTalk byParams = open("?sub=eth_subscribe&params=" +
            encoded("[\"logs\",{\"address\":[\"0x" + "AB".repeat(20) + "\"]}]"), "");
        assertEquals(next(byName), next(byParams), "the same subscription");
        bed.upstream().on("admin_peerEvents", request -> request.answer("\"0x9\""));
        final HttpTalk peers = open("?sub=admin_peerEvents", "");
        next(peers);
        push("{\"jsonrpc\":\"2.0\",\"method\":\"admin_subscription\",\"params\":{\"subscription\":\"0x9\"," +
            "\"result\":1}}");
        assertTrue(next(peers).contains("\nevent: admin_subscription\ndata: {\"jsonrpc\":\"2.0\",\"method\":" +
            "\"admin_subscription\","));
    }

    @Test
    void shouldRefuseWhatIsNoMethodOrNoParams() throws IOException
    {
        start(Dialect.SOLANA);
        for (final String query : List.of(
            "?sub=newHeads", "?sub=slotUnsubscribe", "?sub=getSlot", "?params=[]", "?sub=slotSubscribe&params=",
            "?sub=slotSubscribe&params=5", "?sub=slotSubscribe&params=[", "?sub=slotSubscribe&params=[]&params=[]",
            "?sub=slotSubscribe&params=" + encoded("[]},{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"getSlot\""),
            "?sub=slotSubscribe&params=" + encoded("[],[]"), "?sub=slotSubscribe&params=%C0%80",
            "?sub=accountSubscribe&params=" + encoded("[\"a\",{ \"relay\" : {}}]"), "?sub=slotSubscribe&full=true"))
        {
            final HttpTalk.Response refusal = HttpTalk.get(bed.address(), "/sse" + query);
            assertEquals(400, refusal.status(), query);
            assertTrue(refusal.text().contains("allowed: sub=accountSubscribe or blockSubscribe or"), refusal.text());
        }
    }

    private static void assertEvent(final String name, final String text, final String event)
    {
        final String[] lines = event.split("\n");
        assertTrue(lines[0].startsWith("id: "), event);
        assertEquals((name == null ? "" : "event: " + name + '\n') + "data: " + text + "\n\n",
            event.substring(lines[0].length() + 1));
    }

    private void start(final Dialect dialect) throws IOException
    {
        bed = TestBed.start(Mode.USUAL, config ->
        {
            config.networks().get(0).dialect(dialect);
            if (dialect.isEthereum())
            {
                config.networks().get(0).subscriptionMethod(SubscriptionMethod.of("admin_peerEvents"));
            }
        });
    }

    private HttpTalk open(final String query, final String headers) throws IOException
    {
        final HttpTalk talk = HttpTalk.open(bed.address());
        talks.add(talk);
        talk.send("GET /sse" + query + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
        final HttpTalk.Response head = talk.readHead();
        assertEquals(200, head.status(), () -> query);
        return talk;
    }

    private static String next(final HttpTalk stream) throws IOException
    {
        return new String(stream.readChunk(), StandardCharsets.UTF_8);
    }

    private String lastCallId()
    {
        try
        {
            return bed.upstream().awaitCall("subscribe_to_transactions").id();
        }
        catch (final InterruptedException e)
        {
            throw new AssertionError(e);
        }
    }

    private void push(final String text)
    {
        bed.upstream().session().send(text);
    }

    private static String call(final int id, final String method, final String params)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    private static String encoded(final String text)
    {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
