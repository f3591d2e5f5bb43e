package dev.arcticsynth.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/// Makes sure that a running server is really ours: it accepts our password and serves our data.
final class OwnershipCheck {
  private static final String WRONG_PASSWORD = "28P01";
  private static final String NO_SUCH_DATABASE = "3D000";

  private final Layout layout;
  private final Password password;

  OwnershipCheck(Layout layout, Password password) {
    this.layout = layout;
    this.password = password;
  }

  /// False when it does not answer yet.
  boolean succeeds(Postmaster postmaster) {
    String url =
        "jdbc:postgresql://" + Server.HOST + ":" + postmaster.port() + "/" + Server.DATABASE;
    // Not through DriverManager, which knows only the drivers of the caller's class loader.
    try (@Nullable Connection connection = new Driver().connect(url, properties());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("show data_directory")) {
      String served = row.next() ? row.getString(1) : "";
      if (!Path.of(served).toRealPath().equals(layout.data().toRealPath())) {
        throw foreign(postmaster, "serves " + served);
      }
      return true;
    } catch (SQLException e) {
      if (WRONG_PASSWORD.equals(e.getSQLState())) {
        throw foreign(postmaster, "refuses the password in " + layout.password());
      }
      if (NO_SUCH_DATABASE.equals(e.getSQLState())) {
        throw foreign(postmaster, "has no database " + Server.DATABASE);
      }
      return false;
    } catch (IOException e) {
      throw foreign(postmaster, "serves a folder that cannot be read (" + e + ")");
    }
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("user", Server.USER);
    properties.setProperty("password", password.value());
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "10");
    properties.setProperty("ApplicationName", "arctic-synth: is it ours?");
    return properties;
  }

  private EmbeddedPostgresException foreign(Postmaster postmaster, String why) {
    return new EmbeddedPostgresException(
        "The PostgreSQL on port "
            + postmaster.port()
            + " (pid "
            + postmaster.pid()
            + "), named by "
            + layout.data().resolve("postmaster.pid")
            + ", "
            + why
            + ": it is not ours and was left alone. Put the right password or data back, or stop"
            + " that server and start again.");
  }
}
