package io.ringcast.tools.clients;

import java.net.URI;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A JavaScript client library. Immutable.
 *
 * @param name of the library and its script
 */
record ScriptClient(String name) implements Client
{
    @Override
    public JsonNode run(final URI url, final AnvilNode node)
    {
        try (NodeScript script = new NodeScript(name + ".mjs", "run", url.toString(), node.url().toString()))
        {
            final String line = script.lines().next();
            return new ObjectMapper().readTree(line);
        }
        catch (final JsonProcessingException failure)
        {
            throw new AssertionError(name + ".mjs failed, see its output above", failure);
        }
    }

    @Override
    public Kept keep(final URI url)
    {
        final NodeScript script = new NodeScript(name + ".mjs", "keep", url.toString());
        return new Kept()
        {
            @Override
            public Arrivals<String> lines()
            {
                return script.lines();
            }

            @Override
            public void quit()
            {
                script.say("quit");
            }

            @Override
            public void close()
            {
                script.close();
            }
        };
    }

    @Override
    public String toString()
    {
        return name;
    }
}
