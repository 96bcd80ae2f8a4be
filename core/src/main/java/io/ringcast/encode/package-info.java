/** Step 6 of the walk: the bytes that go out, built once per variant, one behind the other in shared chunks. */
package io.ringcast.encode;
