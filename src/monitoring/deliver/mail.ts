/** Mail, over SMTP. */

import { createTransport } from "nodemailer";
import { keepSecret, ServiceError, UsageError } from "../../base/mod.ts";
import { alertLine, type OpenChannel } from "./contract.ts";

/** Opens the channel of `MONITOR_SMTP`, as smtp://user:password@host:587, and `MONITOR_MAIL_TO`. */
export const openMail: OpenChannel = (env) => {
  const server = env("MONITOR_SMTP");
  if (!server) return undefined;
  keepSecret(server);
  const to = env("MONITOR_MAIL_TO");
  if (!/^smtps?:$/.test(URL.parse(server)?.protocol ?? "") || !to) {
    throw new UsageError(
      to
        ? "Cannot use MONITOR_SMTP: it is no smtp or smtps address"
        : "Cannot send mail: MONITOR_MAIL_TO is not set",
      { next: "set MONITOR_SMTP=smtp://user:password@host:587 and MONITOR_MAIL_TO" },
    );
  }
  const from = env("MONITOR_MAIL_FROM") || to.split(",")[0];
  return {
    name: "mail",
    async tell(alert, signal) {
      const transport = createTransport(server);
      const stop = () => transport.close();
      signal.addEventListener("abort", stop, { once: true });
      try {
        await transport.sendMail({
          ...{ from, to },
          subject: alertLine(alert),
          text: `${alert.message}\n\n${alert.action_required}\n\n${
            JSON.stringify(alert, null, 2)
          }\n`,
          // The same alert twice is one mail to whoever looks at ids.
          messageId: `<${encodeURIComponent(alert.id)}@dinoflow>`,
        });
      } catch (cause) {
        throw new ServiceError(`Cannot send mail: ${(cause as Error).message}`, { cause });
      } finally {
        signal.removeEventListener("abort", stop);
        transport.close();
      }
    },
  };
};
