package io.ringcast.tools.load;

/** The subscribe call of a connection. Any thread; no state. */
final class SubscribeCall
{
    private SubscribeCall()
    {
    }

    static String text(final LoadPlan plan, final int index)
    {
        String params = '"' + plan.kind().word() + '"';
        if (plan.distinct() > 0)
        {
            params += ",{\"address\":\"" + LogShape.address(plan.group(index)) + "\"}";
        }
        else if (plan.kind() == LoadKind.LOGS)
        {
            params += ',' + (plan.filter() == null ? "{}" : plan.filter());
        }
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[" + params + "]}";
    }
}
