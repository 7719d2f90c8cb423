// Pages opened from disk may start no worker, so that search would stay silent. There, a hidden frame
// runs the worker's script: it has a global scope of its own, and messages go to it and back.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      this.scope = frame.contentWindow;
      const page = this.scope.document;
      page.open();
      page.write("<!doctype html><title>worker</title><body></body>");
      page.close();
      this.scope.postMessage = (data) => this.answer(data);
      this.scope.importScripts = (...urls) =>
        urls.reduce((before, next) => before.then(() => this.load(next)), Promise.resolve());
      this.ready = this.load(url);
    }

    load(url) {
      return new Promise((done, failed) => {
        const script = this.scope.document.createElement("script");
        Object.assign(script, { src: url, onload: done, onerror: failed });
        this.scope.document.body.append(script);
      });
    }

    answer(data) {
      const event = new MessageEvent("message", { data });
      this.dispatchEvent(event);
      this.onmessage?.(event);
    }

    postMessage(data) {
      this.ready.then(() => {
        const event = new this.scope.MessageEvent("message", { data: structuredClone(data) });
        this.scope.dispatchEvent(event);
      });
    }

    terminate() {
      this.scope.frameElement.remove();
    }
  };
}
