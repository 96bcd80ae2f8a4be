package io.ringcast.tools.sim;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonReader;
import com.dslplatform.json.ObjectConverter;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Turns a received text into the text to send back: envelopes, batches and their errors.
 * Confined to the node's thread.
 */
final class RpcTexts
{
    private static final int LIMIT_BATCH_ITEMS = 1000;
    private static final String PARSE_ERROR = error("null", new RpcException(-32700, "parse error"));
    private static final String INVALID_REQUEST = error("null", new RpcException(-32600, "invalid request"));

    private final DslJson<Object> json = new DslJson<>(new DslJson.Settings<>()
        .unknownNumbers(JsonReader.UnknownNumberParsing.LONG_AND_BIGDECIMAL));
    private final SimulatedRpc rpc;

    RpcTexts(final SimulatedRpc rpc)
    {
        this.rpc = rpc;
    }

    /** The answer, or null when none is owed. */
    String answer(final byte[] text, final SubscriptionTable subscriptions)
    {
        final Object document;
        try
        {
            document = read(text);
        }
        catch (final IOException | RuntimeException ex)
        {
            return PARSE_ERROR;
        }
        return document instanceof List<?> batch ? batch(batch, subscriptions) : single(document, subscriptions);
    }

    private Object read(final byte[] text) throws IOException
    {
        final JsonReader<Object> reader = json.newReader(text);
        reader.getNextToken();
        final Object document = ObjectConverter.deserializeObject(reader);
        for (int i = reader.getCurrentIndex(); i < text.length; i++)
        {
            if (text[i] < 0 || text[i] > ' ')
            {
                throw new IOException("more than one text");
            }
        }
        return document;
    }

    private String batch(final List<?> batch, final SubscriptionTable subscriptions)
    {
        if (batch.isEmpty())
        {
            return error("null", new RpcException(-32600, "empty batch"));
        }
        if (batch.size() > LIMIT_BATCH_ITEMS)
        {
            final String id = batch.get(0) instanceof Map<?, ?> first ? idToken(first.get("id")) : "null";
            return "[" + error(id == null ? "null" : id, new RpcException(-32600, "batch too large")) + "]";
        }
        final List<String> answers = new ArrayList<>(batch.size());
        for (final Object element : batch)
        {
            final String answer = single(element, subscriptions);
            if (answer != null)
            {
                answers.add(answer);
            }
        }
        return answers.isEmpty() ? null : JsonText.array(answers);
    }

    private String single(final Object element, final SubscriptionTable subscriptions)
    {
        if (!(element instanceof Map<?, ?> call) || !(call.get("method") instanceof String method) ||
            !"2.0".equals(call.get("jsonrpc")))
        {
            return INVALID_REQUEST;
        }
        final String id = idToken(call.get("id"));
        if (id == null)
        {
            return INVALID_REQUEST;
        }
        String answer;
        try
        {
            final String result = rpc.call(method, RpcParams.of(call.get("params")), subscriptions);
            answer = "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
        }
        catch (final RpcException ex)
        {
            answer = error(id, ex);
        }
        return call.containsKey("id") ? answer : null;
    }

    private static String error(final String id, final RpcException cause)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":" + cause.json() + "}";
    }

    /** The id as it is written back, or null when it cannot be an id. */
    private static String idToken(final Object id)
    {
        if (id == null)
        {
            return "null";
        }
        if (id instanceof String text)
        {
            return JsonText.quote(text);
        }
        return id instanceof Long || id instanceof BigDecimal ? id.toString() : null;
    }
}
