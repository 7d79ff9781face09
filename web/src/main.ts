import { KmsPlayground } from './views/playground';

customElements.define('kms-playground', KmsPlayground);
