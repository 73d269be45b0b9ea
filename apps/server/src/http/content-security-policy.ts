const self = ["'self'"];
const none = ["'none'"];

/** What the dashboard may load and speak to: this server, and nothing else. */
export const dashboardPolicy = {
  defaultSrc: self,
  scriptSrc: self,
  // The kit writes its variables into style elements.
  styleSrc: [...self, "'unsafe-inline'"],
  imgSrc: [...self, 'data:', 'blob:'],
  fontSrc: [...self, 'data:'],
  connectSrc: self,
  workerSrc: [...self, 'blob:'],
  objectSrc: none,
  baseUri: none,
  formAction: self,
  frameAncestors: none,
};
