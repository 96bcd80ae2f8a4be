package io.ringcast.tools.sim;

/** What the doors of a simulated node lead to. Confined to the node's event loop. */
interface NodeHost
{
    /** Whether it is as if its host were off: no connection is taken. */
    boolean isAway();

    void onConnected(SimulatedConnection connection);

    void onDisconnected(SimulatedConnection connection);

    /** A client's message. */
    void onText(SimulatedConnection connection, byte[] text);

    /** The answer to a POST, or null if none is owed. */
    String onPost(byte[] text);
}
